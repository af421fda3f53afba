/** Where each kind of secured link leads: the first part of its address. */
export const LINK_PLACES = { action: 'a', file: 'f', held: 'h', citizen: 'd', mine: 'm' } as const;
