import type { Regime } from '../domain/silence.ts';
import type { MailView, OfficeView, SilenceView } from './mail-view.ts';

/** The town of the samples: Plassans, as its sample config describes it. */

export const SAMPLE_TOWN = {
  name: 'Mairie de Plassans',
  mailbox: 'mairie@plassans.fr',
  court: { name: 'Tribunal administratif de Marseille', postalAddress: '31 rue Jean-François Leca, 13002 Marseille' },
  officer: { name: 'Délégué à la protection des données de Plassans', address: 'dpo@plassans.fr' },
} satisfies Omit<MailView['town'], 'desk'>;

export const DESK: OfficeView = {
  id: 'desk',
  name: 'Accueil',
  address: 'accueil@plassans.fr',
  phone: '04 42 00 00 10',
  postalAddress: 'Hôtel de ville, 1 place de la Mairie, 13100 Plassans',
};
export const ROADS: OfficeView = {
  id: 'voirie',
  name: 'Voirie',
  address: 'voirie@plassans.fr',
  phone: '04 42 00 00 20',
  postalAddress: 'Centre technique, 12 chemin du Moulin, 13100 Plassans',
};
export const SILENCE: Record<Regime, SilenceView> = {
  rejection: {
    regime: 'rejection',
    decidesOn: '2026-06-06',
    legalBasis: "article L. 231-4 du code des relations entre le public et l'administration",
  },
  acceptance: { regime: 'acceptance', decidesOn: '2026-06-06', legalBasis: "article R.* 424-1 du code de l'urbanisme" },
  information: { regime: 'information', decidesOn: null, legalBasis: '' },
};
