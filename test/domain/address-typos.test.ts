import { describe, expect, test } from 'vitest';
import { suggestAddress } from '../../src/domain/address-typos.ts';

/** What was typed → what was meant. */
const TYPOS = `
gmial.com gmail.com
gmai.com gmail.com
gmail.con gmail.com
gmail.cm gmail.com
gmail.fr gmail.com
gmal.com gmail.com
gamil.com gmail.com
gmaill.com gmail.com
gmail,com gmail.com
gmailcom gmail.com
gmail..com gmail.com
gmail.com. gmail.com
www.gmail.com gmail.com
hotmial.com hotmail.com
hotmail.f hotmail.fr
hotmal.fr hotmail.fr
hotmil.fr hotmail.fr
homail.fr hotmail.fr
hotmaill.com hotmail.com
hotmail.con hotmail.com
orange.f orange.fr
orange.r orange.fr
ornage.fr orange.fr
orang.fr orange.fr
oange.fr orange.fr
orangefr orange.fr
wanado.fr wanadoo.fr
wanadoo.f wanadoo.fr
wanadou.fr wanadoo.fr
wandoo.fr wanadoo.fr
laposte.ner laposte.net
laposte.et laposte.net
lapost.net laposte.net
lapsote.net laposte.net
laposte.com laposte.net
yaho.fr yahoo.fr
yahou.fr yahoo.fr
yahooo.fr yahoo.fr
outlok.com outlook.com
outloo.fr outlook.fr
outlook.con outlook.com
free.r free.fr
fre.fr free.fr
free.f free.fr
ferr.fr -
sfr.f sfr.fr
iclou.com icloud.com
icloud.con icloud.com
numericabl.fr numericable.fr
club-intenet.fr club-internet.fr
`;

/** Real, or nobody's business: left alone. */
const LEFT = `
gmail.com hotmail.fr hotmail.com orange.fr wanadoo.fr free.fr sfr.fr laposte.net yahoo.fr outlook.fr live.fr neuf.fr icloud.com
gmx.fr gmx.ch gmx.com mail.fr mail.com email.fr hotmail.be hotmail.it me.com mac.com srf.ch yahoo.es yahoo.co.uk live.be live.ca
orange.be orange.com libre.fr aol.fr googlemail.com proton.me pm.me laposte.fr voila.fr skynet.be msn.com bbox.fr
plassans.fr mairie-plassans.fr prefecture.fr ville-orange.fr gouv.fr service-public.fr example.org range.com oracle.fr
grange.com granges.fr organe.com love.fr tree.fr fret.fr frey.fr freud.fr soir.fr bbc.fr noob.fr exemple.fr
`;

describe('a mistyped domain is corrected', () => {
  const rows = TYPOS.trim()
    .split('\n')
    .map((line) => line.split(' ') as [string, string]);
  test.each(rows)('%s → %s', (typed, meant) => {
    expect(suggestAddress(`Jean.Dupont@${typed}`)).toBe(meant === '-' ? null : `jean.dupont@${meant}`);
  });

  test('often enough', () => expect(rows.length).toBeGreaterThanOrEqual(40));
});

describe('a domain that may be real is left alone', () => {
  test.each(LEFT.trim().split(/\s+/))('%s', (domain) => {
    expect(suggestAddress(`jean@${domain}`)).toBeNull();
  });
});

test.each([
  '',
  'jean',
  '@gmail.com',
  'jean@',
  'jean@@',
  `jean@${'a'.repeat(5000)}.fr`,
  'jean@__proto__',
  'jean@constructor',
])('nothing is made of « %s »', (address) => expect(suggestAddress(address)).toBeNull());
