import { errorFamily } from './family.ts';

const notBegun = 'It begins nothing and changes no members.';
const release = 'If someone sent it to you, ask them to make it again with a current release.';
const unusable = 'Nothing can be read or written in this part of the conversation with these keys.';
const notice =
  'Tell the others that you cannot read it, and ask a member to change the members again, with you.';
const again = 'Make the change again: it then follows on the members as they are now.';

/** Private channels, their epochs and members (`docs/spec/channels.md`). */
export const channelErrors = errorFamily('channel', {
  'channel-members': {
    happened:
      'A message about the members of a channel lacks an entry that it must have, or has one too many.',
    means: notBegun,
    next: release,
  },
  'channel-value': {
    happened: 'An entry in a message about the members of a channel has a form that is not allowed.',
    means: notBegun,
    next: release,
  },
  'channel-data': {
    happened: 'A message about the members of a channel has another length than so many members need.',
    means: notBegun,
    next: release,
  },
  'channel-founder': {
    happened: 'A channel was to be founded under a name that belongs to someone else.',
    means: notBegun,
    next: 'Ask the founder of the channel for a new invitation.',
  },
  'channel-tag': {
    happened: 'A message about the members of a channel lacks a label by which others find it.',
    means: `${notBegun} Members who search the record could miss it.`,
    next: release,
  },
  'channel-other': {
    happened: 'Messages of two different channels were taken for one channel.',
    means: 'No conclusion was drawn from them.',
    next: 'Synchronise the ledger and try again; if it happens again, keep the profile and report it.',
  },
  'channel-place': {
    happened: 'Two different messages claim the same place in the record.',
    means: 'They do not come from one record, so no conclusion was drawn from them.',
    next: 'Check the copy of the ledger, and synchronise it again if the check finds a fault.',
  },
  'channel-void-unknown': {
    happened: 'A change of members follows on one that is not part of the channel.',
    means: 'It has no effect.',
    next: 'Nothing needs to be done about it by anyone but its author.',
  },
  'channel-void-sibling': {
    happened: 'Two changes of members were made at the same time, and the other one came first.',
    means: 'Only the first counts, for everyone alike. This one has no effect.',
    next: again,
  },
  'channel-void-author': {
    happened: 'Someone who was no member tried to change the members of the channel.',
    means: 'It has no effect.',
    next: 'Nothing needs to be done. If the author should be a member, let a member add them.',
  },
  'channel-void-tag': {
    happened: 'A change of members lacks a label by which the other members find it.',
    means: 'It has no effect.',
    next: again,
  },
  'channel-void-key': {
    happened: 'A change of members was made with a key that had ended before.',
    means: 'It has no effect: the key was replaced or revoked.',
    next: 'Let a member with a valid key make the change.',
  },
  'channel-void-before': {
    happened: 'A message stands in the record before the change of members that it belongs to.',
    means: 'It can be read, but nothing that it agrees to or signs counts.',
    next: 'If it should count, let its author send it again.',
  },
  'channel-void-after': {
    happened: 'A message was sealed for the earlier members, after the members had changed.',
    means: 'Members who were removed can read it, and nothing that it agrees to or signs counts.',
    next: 'If it should count, let its author send it again to the members as they are now.',
  },
  'channel-withheld': {
    happened: 'The operator did not hand out the sealed part of a message about the members of a channel.',
    means: unusable,
    next: 'Synchronise from another copy of the ledger.',
  },
  'channel-suite': {
    happened: 'The key to a part of the channel was sealed in a way that this release does not know.',
    means: unusable,
    next: 'Install a current release.',
  },
  'channel-key': {
    happened: 'The key to a part of the channel was sealed with a number that hides nothing.',
    means: `${unusable} It was made so on purpose.`,
    next: notice,
  },
  'channel-wrap': {
    happened: 'No key to this part of the channel opens for you.',
    means: 'You are no member of it any more or not yet, or its author gave you something that is no key.',
    next: notice,
  },
  'channel-commitment': {
    happened: 'The key is not the one that was announced for this part of the channel.',
    means: unusable,
    next: notice,
  },
  'channel-epoch-tag': {
    happened: 'The label of a part of the channel is not the one that follows from its key.',
    means: unusable,
    next: notice,
  },
  'channel-roster': {
    happened: 'The sealed list of members is not the one that was announced.',
    means: `${unusable} Its author made a list that nobody can rely on.`,
    next: 'Go on in a new channel, without the author of this list.',
  },
  'channel-not-member': {
    happened: 'You are not on the list of members.',
    means: 'You cannot write in this channel or change its members.',
    next: 'Ask a member to add you.',
  },
  'channel-ambiguous': {
    happened: 'Several channels have this name, or an id that begins like this.',
    means: 'Nothing was done, because it is not clear which one is meant.',
    next: 'Give more digits of the id, which "countersign channel list" shows.',
  },
  'channel-unreadable': {
    happened: 'A member says in public that something in this channel does not open for them.',
    means: 'They may not have read what the others read. It was sealed wrongly, or they made a mistake.',
    next: 'Ask them, and invite them into the channel again: that makes a new key for everyone.',
  },
  'channel-removed': {
    happened: 'You are no member of this channel any more.',
    means: 'What was said until then stays readable for you. What is said since is sealed for the others.',
    next: 'If you should be a member, ask one of them to invite you again.',
  },
  'channel-member-ended': {
    happened: 'The key of a member was replaced or revoked.',
    means: 'Whoever holds it can read on, and its owner cannot write in this channel with their new key.',
    next: 'Invite the person again with their new key, or remove them.',
  },
  'channel-member-left': {
    happened: 'A member said that they leave.',
    means: 'They can read on until the members change.',
    next: 'Remove them from the channel: the others get a new key.',
  },
  'channel-no-such-member': {
    happened: 'Nobody else of this name or key is a member of the channel now.',
    means: 'Nothing was changed.',
    next: 'Look at who is a member with "countersign channel show CHANNEL".',
  },
  'channel-confirmed': {
    happened: 'There is no message of others that you did not confirm yet.',
    means: 'Nothing was sent.',
    next: 'Nothing needs to be done.',
  },
  'channel-not-given-up': {
    happened: 'Nothing that waits here begins with these digits, or it was promised to be recorded already.',
    means: 'Nothing was given up.',
    next: 'See what waits with "countersign channel send --wait 0".',
  },
  'channel-opens': {
    happened: 'Everything of that kind in this channel opens for you.',
    means: 'Nothing was said in public.',
    next: 'Give the id of the message that does not open: "countersign channel read CHANNEL --json" tells it.',
  },
  'channel-text': {
    happened: 'What was to be said is not a text that a message can hold.',
    means:
      'It is empty, longer than 65,536 characters, no UTF-8, or holds characters that cannot be shown. Nothing was kept or sent.',
    next: 'Give a plain text, or send a file as a document with "countersign document put".',
  },
  'channel-unknown': {
    happened: 'This profile knows no such channel.',
    means:
      'It founded none and was invited to none of that name or id, as far as its copy of the record reaches.',
    next: 'Synchronise the ledger, and list the channels with "countersign channel list".',
  },
  'channel-not-current': {
    happened: 'The members have changed since.',
    means: 'Nothing was sealed: members who were removed could have read it.',
    next: 'Synchronise and do it again, for the members as they are now.',
  },
});

export type ChannelCode = keyof typeof channelErrors;
