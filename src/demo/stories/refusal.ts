import { label } from '../../template.ts';
import { lettersWords, referenceIn, says } from './reading.ts';
import type { Stage } from './stage.ts';
import { sentence } from './voices.ts';

/** The wrong department sends a request back; the front desk refuses it, and says why and how to appeal. */
export async function aRefusal(stage: Stage): Promise<void> {
  const { paul, desk, voirie, check } = stage;
  await paul.writes('fence');
  const reference = referenceIn(await paul.receives('acknowledgement', lettersWords('fence').subject));
  const request = await desk.receives('new_request', reference, 'Paul Girard');

  const transfer = await desk.opens(request, 'transfer');
  await transfer.submits({ department: 'voirie', comment: sentence('wordsTransfer') });
  await paul.receives(
    'transferred_citizen',
    reference,
    sentence('saysTransferred', { department: voirie.mailbox.name }),
  );
  const dossier = await voirie.receives('transferred', reference);

  const sendBack = await voirie.opens(dossier, 'send_back');
  await sendBack.submits({ comment: sentence('wordsSendBack') });
  const back = await desk.receives('sent_back', reference, sentence('wordsSendBack'));

  const refuse = await desk.opens(back, 'refuse');
  await refuse.submits({ told: 'yes', comment: sentence('wordsTooShort') });
  const receipt = await desk.receives('receipt', reference, sentence('wordsTooShort'));
  const undo = await desk.opens(receipt, 'undo');
  const undone = await undo.submits({ confirm: 'yes' });
  const said = label('pageResults', 'undo');
  check(undone.says(said), 'checkPageSays', { words: said }, undone.text);

  const again = await desk.opens(back, 'refuse');
  await again.submits({ told: 'yes', comment: sentence('wordsRefuse') });
  await desk.receives('receipt', reference, sentence('wordsRefuse'));
  await stage.undoWindowPasses();
  const refusal = await paul.receives('decision', reference, label('outcomes', 'refused'), sentence('wordsRefuse'));
  for (const means of [sentence('saysMayor'), sentence('saysCourt')]) {
    check(says(refusal, means), 'checkAppeal', { means }, refusal.mail.text);
  }

  const old = await voirie.opens(dossier, 'accept');
  const deed = `${voirie.mailbox.name} ${label('actionsDone', 'send_back')}`;
  check(old.status === 410 && old.says(deed), 'checkOldLink', { deed }, old.text);
  check(!old.says(sentence('saysFence')), 'checkNothingShown', {}, old.text);
  desk.hasReceived(reference);
  await stage.nothingElseArrives();
}
