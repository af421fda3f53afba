/** What people write in the samples. */

export interface Words {
  text: string;
  subject: string;
  name: string;
  fileName: string;
  /** What an agent says; the same text where it is not given. */
  answer?: string;
}

export const ORDINARY: Words = {
  text: "Bonjour,\n\nLe lampadaire devant le 12 rue des Lilas est éteint depuis lundi.\nPouvez-vous le faire réparer ?\n\nMerci d'avance,\nJean Dupont",
  subject: 'Lampadaire éteint rue des Lilas',
  name: 'Jean Dupont',
  fileName: 'photo du lampadaire.jpg',
};
