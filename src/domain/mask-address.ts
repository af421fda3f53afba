/** `nora.lemaire@orange.fr` → `n•••@orange.fr`: enough for its owner to know it, and nobody else to write to it. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  // Always as many dots: how long it is says a lot about a short address.
  if (at < 1) return HIDDEN;
  const [first = ''] = address;
  return `${first}${HIDDEN}${address.slice(at)}`;
}

const HIDDEN = '•••';
