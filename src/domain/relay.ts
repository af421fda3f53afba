/**
 * Words on their way to somebody else lose our live links and reply addresses: whoever holds one can act. The original
 * stays in the raw mail.
 */
export function withoutLiveLinks(text: string, publicUrl: string, mailbox: string): string {
  const [local = '', domain = ''] = mailbox.split('@');
  const links = new RegExp(`${literal(publicUrl)}/[af]/[^\\s<>"]*`, 'gi');
  const keys = new RegExp(`${literal(local)}\\+20\\d\\d-\\d{6}\\.[0-9a-z]{1,32}@${literal(domain)}`, 'gi');
  return text.replace(links, '[…]').replace(JSON_WEB_TOKEN, '[…]').replace(keys, mailbox);
}

const JSON_WEB_TOKEN = /\beyJ[\w-]{10,400}\.[\w-]{10,1200}\.[\w-]{10,100}/g;

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
