/**
 * The preload: the only bridge between a page and the program. It runs sandboxed, knows the channels by name, and gives
 * the page one function for each; what comes in is bounded and parsed by the router in main, which trusts nothing here.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Answer } from '../contract/channel.ts';
import { decode, encode } from '../contract/codec.ts';
import type { Api, ChannelName, ReplyOf, RequestOf } from '../contract/schema.ts';
import type { Delta } from '../contract/state.ts';

function call<N extends ChannelName>(name: N): (request: RequestOf<N>) => Promise<Answer<ReplyOf<N>>> {
  return async (request) =>
    decode((await ipcRenderer.invoke(name, encode(request))) as string) as Answer<ReplyOf<N>>;
}

const offer = call('files.offer');

const api: Api = {
  shellView: call('shell.view'),
  shellAbout: call('shell.about'),
  shellSetTheme: call('shell.setTheme'),
  shellSetNotices: call('shell.setNotices'),
  shellCopy: call('shell.copy'),
  shellOpenSecret: call('shell.openSecret'),
  stateSnapshot: call('state.snapshot'),
  startPractice: call('start.practice'),
  startOpen: call('start.open'),
  startLock: call('start.lock'),
  startUnlock: call('start.unlock'),
  startClose: call('start.close'),
  ledgerPreview: call('ledger.preview'),
  ledgerJoin: call('ledger.join'),
  ledgerChoose: call('ledger.choose'),
  ledgerCard: call('ledger.card'),
  ledgerSave: call('ledger.save'),
  syncStart: call('sync.start'),
  syncStop: call('sync.stop'),
  secretPurpose: call('secret.purpose'),
  secretClose: call('secret.close'),
  secretCheckKeychain: call('secret.checkKeychain'),
  secretSheet: call('secret.sheet'),
  secretAnswer: call('secret.answer'),
  secretCreate: call('secret.create'),
  secretRestore: call('secret.restore'),
  secretRecovery: call('secret.recovery'),
  secretWatch: call('secret.watch'),
  secretUnlock: call('secret.unlock'),
  notarizeStart: call('notarize.start'),
  notarizeStop: call('notarize.stop'),
  notarizePage: call('notarize.page'),
  recordsPage: call('records.page'),
  recordsDetail: call('records.detail'),
  recordsReceipt: call('records.receipt'),
  recordsSave: call('records.save'),
  checkFiles: call('check.files'),
  checkStop: call('check.stop'),
  checkText: call('check.text'),
  contactsOwn: call('contacts.own'),
  contactsAnnounce: call('contacts.announce'),
  contactsSave: call('contacts.save'),
  contactsPage: call('contacts.page'),
  contactsDetail: call('contacts.detail'),
  contactsRead: call('contacts.read'),
  contactsAdd: call('contacts.add'),
  contactsSamples: call('contacts.samples'),
  contactsNumber: call('contacts.number'),
  contactsCheck: call('contacts.check'),
  contactsApprove: call('contacts.approve'),
  channelsList: call('channels.list'),
  channelsPage: call('channels.page'),
  channelsSeen: call('channels.seen'),
  channelsPreview: call('channels.preview'),
  channelsAct: call('channels.act'),
  channelsDiscard: call('channels.discard'),
  documentsLook: call('documents.look'),
  documentsPut: call('documents.put'),
  documentsInterrupted: call('documents.interrupted'),
  documentsResume: call('documents.resume'),
  documentsSave: call('documents.save'),
  documentsStop: call('documents.stop'),
  disclosurePlan: call('disclosure.plan'),
  disclosureBegin: call('disclosure.begin'),
  disclosureWaiting: call('disclosure.waiting'),
  grantsList: call('grants.list'),
  grantsOpen: call('grants.open'),
  syncAsk: call('sync.ask'),
  syncAddAddress: call('sync.addAddress'),
  syncRemoveAddress: call('sync.removeAddress'),
  syncSetMode: call('sync.setMode'),
  outboxList: call('outbox.list'),
  outboxSend: call('outbox.send'),
  outboxResend: call('outbox.resend'),
  doctorStart: call('doctor.start'),
  doctorRepair: call('doctor.repair'),
  doctorStop: call('doctor.stop'),
  shellSetLook: call('shell.setLook'),
  settingsActive: call('settings.active'),
  settingsSetIdle: call('settings.setIdle'),
  settingsDisk: call('settings.disk'),
  settingsRemove: call('settings.remove'),
  settingsBackupFolder: call('settings.backupFolder'),
  settingsTryBackup: call('settings.tryBackup'),
  identityKeys: call('identity.keys'),
  identityRotate: call('identity.rotate'),
  identityRevoke: call('identity.revoke'),
  secretBackup: call('secret.backup'),
  secretDrill: call('secret.drill'),
  secretCheckWords: call('secret.checkWords'),
  alarmsList: call('alarms.list'),
  alarmsDetail: call('alarms.detail'),
  alarmsEvidence: call('alarms.evidence'),
  alarmsSave: call('alarms.save'),
  alarmsAcknowledge: call('alarms.acknowledge'),
  explorerMessages: call('explorer.messages'),
  explorerAfter: call('explorer.after'),
  explorerMessage: call('explorer.message'),
  explorerBlocks: call('explorer.blocks'),
  explorerBlock: call('explorer.block'),
  explorerInBlock: call('explorer.inBlock'),
  explorerFind: call('explorer.find'),
  explorerVerify: call('explorer.verify'),
  explorerVerifyStop: call('explorer.verifyStop'),
  offerFiles: async (files) => {
    const paths = files
      .filter((file) => file instanceof File)
      .map((file) => webUtils.getPathForFile(file))
      .filter((path) => path !== '');
    return offer({ paths });
  },
  onDelta: (listener) => {
    ipcRenderer.on('state.delta', (_event, text: string) => {
      listener(decode(text) as Delta);
    });
  },
  onView: (listener) => {
    ipcRenderer.on('shell.view', (_event, view: string) => {
      listener(view);
    });
  },
};

contextBridge.exposeInMainWorld('countersign', api);
