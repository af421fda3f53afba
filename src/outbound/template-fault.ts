/** What is wrong with a template, and where. */
export interface TemplateFault {
  file: string;
  line: number | null;
  /** A key of the section `templateFaults` of the locale file: what is expected. */
  fault: string;
  /** The library's own words, or the mail in which a rule does not hold. */
  detail: string;
}

/** Liquid says where it stopped reading. */
export function liquidFault(file: string, error: unknown): TemplateFault {
  const { message, token } = error as { message: string; token?: { getPosition?: () => number[] } };
  const [line = null] = token?.getPosition?.() ?? [];
  return { file, line, fault: 'liquid', detail: message.split(', file:')[0] ?? message };
}
