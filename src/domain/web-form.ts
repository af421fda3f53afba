import type { MailAddress, ReceivedEmail } from './received-email.ts';

/**
 * Web sites send what citizens fill in from an address that nobody reads, and put the citizen in Reply-To: that is who
 * wrote. Null for every other mail. Staff is never recognised this way: whoever fills in a form may name anybody.
 */
export function writerThroughForm({ from, replyTo, doubledFields }: ReceivedEmail): MailAddress | null {
  const [form, ...otherForms] = from;
  const [writer, ...others] = replyTo;
  if (form === undefined || writer === undefined || otherForms.length + others.length + doubledFields.length > 0)
    return null;
  const isCitizen = writer.address !== '' && writer.address !== form.address && !FORM.test(writer.address);
  return isCitizen && FORM.test(form.address) ? { name: writer.name, address: writer.address } : null;
}

const FORM =
  /^(?:[^@]*[._-])?(?:no[._-]?reply|do[._-]?not[._-]?reply|ne[._-]?pas[._-]?r[eé]pondre|site(?:[._-]?(?:web|internet))?|web|www(?:-data)?|wordpress|drupal|joomla|formulaires?|form|contact-?form)(?:[+._-][^@]*)?@/;
