/** mjml brings no types; these are the options we set. */
declare module 'mjml' {
  interface Options {
    ignoreIncludes: boolean;
    keepComments: boolean;
    validationLevel: 'strict';
  }
  function compile(mjml: string, options: Options): Promise<{ html: string }>;
  export default compile;
}
