/** A mail as its sender laid it out, made harmless: what « voir le message d'origine » shows. */
export interface OriginalMail {
  /** « Nora Petit <nora@example.org> »; several when the mail names several. */
  from: string;
  to: string;
  cc: string;
  /** By the sender's own clock; null when it says none that can be read. */
  date: Date | null;
  subject: string;
  /** Sanitised: no script, no form, nothing that is fetched from elsewhere. Null when the mail has none that can be shown. */
  html: string | null;
  text: string;
  files: { fileName: string; size: number }[];
  /** Pictures that would have been fetched from elsewhere, and so told their owner who reads. */
  blockedImages: number;
}
