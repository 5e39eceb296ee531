import { errorFamily } from './family.ts';

/** Alarms about the operator of a ledger (`wallet/alarms`). */
export const alarmErrors = errorFamily('alarm', {
  'alarm-open': {
    happened: 'The operator of this ledger is shown, by its own signatures, to have broken its rules.',
    means: 'What is here stays readable. Nothing newer is fetched or sent until you decide whether to go on.',
    next: 'Look at it with "countersign alarm list". To go on all the same: "countersign alarm acknowledge NUMBER".',
  },
  'alarm-kept': {
    happened: 'Alarms about the operator of a ledger, or one of its addresses, are kept here.',
    means: 'Whatever is said of the ledger says so too. None of them stops anything at the moment.',
    next: 'Look at them with "countersign alarm list".',
  },
  'alarm-unknown': {
    happened: 'There is no alarm with this number.',
    means: 'Nothing was shown or changed.',
    next: 'See which there are with "countersign alarm list".',
  },
  'alarm-no-evidence': {
    happened: 'This alarm comes without evidence that others could check.',
    means: 'What was seen is known to this profile only; the operator signed nothing that shows it.',
    next: 'Tell others what was seen, where and when: "countersign alarm show" says it.',
  },
  'alarm-cannot-write': {
    happened: 'The evidence could not be written to this file.',
    means: 'It is still kept in the profile; no file was changed.',
    next: 'Give the name of a file that is not there yet, in a folder that you may write to.',
  },
});

export type AlarmCode = keyof typeof alarmErrors;
