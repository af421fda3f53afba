/** What the dossier on paper is made of. What the pages read of a dossier (`dossierView`) fits as it is, with a town and a person. */

export interface DossierPdfView {
  timeZone: string;
  /** When it is printed. */
  now: Date;
  town: PdfTown;
  /** For whom it is printed; named in the footer. */
  person?: { name: string };
  request: PdfRequest;
  /** The fields of the category. */
  details?: readonly { name: string; value: string }[];
  /** Oldest first, as the events. */
  messages: readonly PdfMessage[];
  events: readonly PdfEvent[];
}

export interface PdfTown {
  name: string;
  /** In one line or several. */
  postalAddress: string;
  phone: string;
}

export interface PdfRequest {
  reference: string;
  subject: string;
  status: string;
  outcome: string | null;
  statusSince: Date;
  receivedAt: Date;
  dueAt: Date | null;
  isLate: boolean;
  isWithDepartment: boolean;
  holderName: string;
  assigneeName: string | null;
  categoryName: string | null;
  citizenName: string;
  citizenAddress: string;
  undeliverable: boolean;
}

export interface PdfMessage {
  /** `inbound`, `outbound`, `note` or `automatic`. */
  kind: string;
  authorName: string;
  authorAddress: string;
  at: Date;
  text: string;
  elided: string;
  files: readonly { fileName: string; size: number }[];
}

export interface PdfEvent {
  at: Date;
  action: string;
  actorDisplay: string;
  actorOffice: string;
  statusBefore: string | null;
  statusAfter: string | null;
  outcome: string | null;
  holderBefore: string | null;
  holderAfter: string | null;
  comment: string;
  /** Which mail an event of delivery is about. */
  mail: { kind: string; role: string; answer: string } | null;
  /** Its words are a message of the thread. */
  isInThread: boolean;
  /** What was edited: names and values as people read them. */
  changes?: readonly { name: string; before: string; after: string }[];
  /** What was chosen: key of the section `recap`, and the words or the day. */
  notes?: readonly { key: string; value: string; day: Date | null }[];
  /** Called back before anybody heard of it. */
  isUndone?: boolean;
}
