import { reasonOf } from './log.ts';

/** Why a mail account does not answer as it should, as far as whoever set it up can mend it. */

export const ACCOUNT_FAILURES = ['unknown_host', 'no_server', 'login', 'tls', 'no_answer', 'other'] as const;

export interface AccountFailure {
  failure: (typeof ACCOUNT_FAILURES)[number];
  /** In the server's or the system's words; neither addresses nor secrets. */
  answer: string;
}

/** The first that fits the code and the words of the error, of whichever library. */
const SIGNS: readonly [AccountFailure['failure'], RegExp][] = [
  ['login', /\bEAUTH\b|authenticationFailed|AUTHENTICATIONFAILED|Invalid login/],
  ['unknown_host', /ENOTFOUND|EAI_AGAIN|EDNS|EAI_NONAME/],
  ['no_server', /ECONNREFUSED|EHOSTUNREACH|ENETUNREACH/],
  ['tls', /certificate|CERT_|SELF_SIGNED|\bETLS\b|EPROTO|ERR_SSL|ERR_TLS|wrong version number|STARTTLS/i],
  ['no_answer', /ETIMEDOUT|timed? ?out|did not answer|Greeting never received|Unexpected close|closed/i],
];

export function accountFailure(error: unknown): AccountFailure {
  const { code, message, cause, authenticationFailed } = error as Record<string, unknown>;
  const refusedLogin = authenticationFailed === true ? 'authenticationFailed' : '';
  const words = [code, message, (cause as Error | undefined)?.message, refusedLogin].join(' ');
  const [failure] = SIGNS.find(([, sign]) => sign.test(words)) ?? ['other' as const];
  return { failure, answer: reasonOf(error) };
}

/** @throws when it takes longer */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`did not answer within ${Math.round(ms / 1_000)} s`)), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
    late.promise.catch(() => undefined);
    work.catch(() => undefined);
  }
}
