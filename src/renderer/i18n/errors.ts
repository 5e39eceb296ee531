/** What to do next in this application, where the engine's own sentence speaks of the command line. */
export const errors = {
  'error.alarm-open.next':
    'Look at the evidence under “Sync and alarms”. There you also say whether you want to go on all the same.',
  'error.alarm-kept.next': 'Look at them under “Alarms”.',
  'error.alarm-unknown.next': 'Go back to the list of alarms.',
  'error.alarm-no-evidence.next': 'Tell others what was seen, where and when: the alarm says it.',
  'error.alarm-cannot-write.next': 'Choose a folder that you may write to, and that has room.',
  'error.backup-unread.next': 'Choose one file that you may read.',
  'error.backup-malformed.next':
    'Choose the file that was written as a backup; its name ends in .countersign-backup.',
  'error.backup-passphrase-missing.next': 'Type the passphrase of this very backup.',
  'error.backup-cannot-write.next': 'Choose a folder that has room and may be written, then try again.',
  'error.copy-no-ledger.next': 'Join the ledger with its card.',
  'error.doctor-unread.next': 'Unlock the identity, then look again.',
  'error.doctor-unrepaired.next': 'Look at what stood in the way, then repair again; it goes on by itself.',
  'error.doctor-no-room.next': 'Free as much room as the profile takes, then repair again.',
  'error.doctor-head.next': 'Compare the number and the hash of your newest block with the other parties.',
  'error.follow-only.next': 'To hold everything, change what is held under “Sync and alarms”.',
  'error.follow-tag.next': 'Synchronise with your identity unlocked, or hold everything.',
  'error.follow-many.next': 'Hold everything: change it under “Sync and alarms”.',
  'error.outbox-not-broken.next': 'Look at the outbox for how far your messages are.',
  'error.outbox-broken.next':
    'Show the evidence to the other parties: save it under “Alarms”. Send the message again in the outbox.',
  'error.sync-fork.next':
    'The proof is kept under “Alarms”. Show it to the other parties; rely on nothing newer from this operator.',
  'error.sync-extended.next':
    'The proof is kept under “Alarms”. Show it to the other parties; rely on nothing newer from this operator.',
  'error.sync-index.next':
    'The proof is kept under “Alarms”. Tell the other parties; rely on nothing newer from this operator.',
  'error.card-unread.next': 'Choose one file that you may read, or paste the card or its link.',
  'error.contact-exists.next': 'Look for it in the list of contacts.',
  'error.contact-same-person.next': 'Open that contact, and compare safety numbers for the new key there.',
  'error.contact-look-alike.next':
    'Ask the person over a way that you trust, then say that it is somebody else.',
  'error.contact-unknown.next': 'Go back to the list of contacts.',
  'error.contact-unannounced.next':
    'Synchronise. If it is still not there, ask the person to announce the identity.',
  'error.contact-changed.next': 'Ask them over another way, then compare safety numbers with them.',
  'error.contact-declined.next': 'Begin again when you are sure.',
  'error.keychain-unavailable.next':
    'Log in to a desktop session with a keyring, or choose a passphrase instead.',
  'error.keychain-driver.next': 'Choose a passphrase instead, or repair the installation.',
  'error.firehose-port.next': 'End the program that uses the same address, then try again.',
  'error.outbox-waiting.next': 'It is sent by itself when the firehose can be reached.',
  'error.own-announced.next': 'A change of card or key is made with the command line.',
  'error.own-unannounced.next': 'Synchronise. If it was never announced, do that in Contacts.',
  'error.own-unsynced.next':
    'Let it synchronise to its end, then try again. Afterwards it works without a network too.',
  'error.own-pending.next': 'Synchronise, and try again in a moment.',
  'error.own-not-watching.next': 'Make another profile that only watches.',
  'error.own-not-current.next': 'Use the recovery words; the command line can do that.',
  'error.own-not-key.next': 'Compare the key with those of your identity, and synchronise before.',
  'error.own-card-unknown.next': 'Say again exactly what the card said; the command line can do that.',
  'error.own-card-differs.next': 'Write name, firm and role exactly as before; the command line can do that.',
  'error.own-recovery-needed.next': 'Have your recovery words at hand; Contacts asks for them.',
  'error.own-declined.next': 'Begin again when you are sure.',
  'error.own-same-words.next': 'Use the other sheet: its title is “Your recovery words”.',
  'error.own-words-screen.next': 'Begin again; the words are shown in a window of their own.',
  'error.own-words-check.next': 'Begin again; new words are shown.',
  'error.receipt-cannot-write.next': 'Free room or choose another folder, then save the receipts again.',
  'error.receipt-unknown.next':
    'Drop the receipt together with the file, or synchronise the ledger that it may be on.',
  'error.receipt-no-root.next':
    'Compare the ledger id with one from a source that you trust, then join that ledger.',
  'error.store-driver.next': 'Repair the installation; the database cannot be opened without its driver.',
  'error.store-busy.next': 'Close the other window or program that uses this profile, then try again.',
  'error.vault-missing.next': 'Create an identity, or restore one from its words.',
  'error.vault-lost.next':
    'Restore with your words: they open this same profile again. Or restore a backup with the command line.',
  'error.vault-locked-or-lost.next':
    'Unlock the keychain and try again. If the entry is gone, restore with your words.',
  'error.vault-changed.next': 'Put the sealed file back from a copy, or restore with your words.',
  'error.vault-passphrase.next': 'Try again. If it is forgotten, restore with your words.',
  'error.vault-passphrase-missing.next': 'Unlock the identity with its passphrase.',
  'error.vault-passphrase-differs.next': 'Type both again.',
  'error.vault-not-asked.next': 'Begin again when you are ready.',
  'error.vault-other-words.next': 'Find the right sheet of words, or restore these words into a new profile.',
  'error.vault-revoked.next': 'Recover with your recovery words; the command line can do that.',
  'error.verify-no-anchor.next':
    'Join the ledger that you mean, by a card from a source that you trust; then check the file again.',
  'error.verify-no-founding.next':
    'Give a receipt or evidence of the same ledger along with it, or join that ledger.',
};
