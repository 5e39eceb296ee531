/** A thread that judges blocks by themselves: messages, signatures, trees. It takes one after the other until it is ended. */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { parseHeader } from '../../core/record/header.ts';
import { type Ledger, parseLedger } from '../../core/record/ledger.ts';
import { startFurtherThread } from '../../engines/verification.ts';
import { type JudgeAnswer, type JudgeRequest, type JudgeSetup, judgeBlock } from './judged.ts';

const { engine } = workerData as JudgeSetup;
if (parentPort === null) throw new RangeError('not a thread that judges blocks');
const port = parentPort;
await startFurtherThread(engine);
standBack();
let ledger: Ledger | undefined;

/** There are as many judges as processors: whoever fetches and writes, and everybody else, is to go first. */
function standBack(): void {
  // Elsewhere this would be said of the whole program, not of the thread that says it.
  if (process.platform !== 'linux') return;
  try {
    setPriority(5);
  } catch {
    // Where it is not allowed, everything is as before.
  }
}

function judge(known: Ledger, { lower, header, body }: JudgeRequest & { readonly kind: 'block' }): void {
  const [below, own] = [parseHeader(lower), parseHeader(header)];
  if (!below.ok || !own.ok) throw new RangeError('headers are verified before bodies');
  const judged = judgeBlock(known, { lower: below.value, header: own.value, body });
  if (!judged.ok) {
    port.postMessage(judged satisfies JudgeAnswer);
    return;
  }
  const { ids, spans, groups } = judged.value;
  const { tags, own: owners, starts, indices, listHashes } = groups;
  const value = { body, ids, spans, groups };
  const handedOver = [body, ids, spans, tags, owners, starts, indices, listHashes].map(
    ({ buffer }) => buffer,
  );
  port.postMessage({ ok: true, value } satisfies JudgeAnswer, handedOver as ArrayBuffer[]);
}

port.on('message', (request: JudgeRequest) => {
  if (request.kind === 'block') {
    if (ledger === undefined) throw new RangeError('no ledger yet');
    judge(ledger, request);
    return;
  }
  const parsed = parseLedger(request.founding);
  if (!parsed.ok || ledger !== undefined) throw new RangeError('a ledger is said once');
  ledger = parsed.value;
});
