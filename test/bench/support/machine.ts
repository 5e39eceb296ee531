/** What the machine is busy with, beside what is measured: from /proc, so on Linux only. */
import { readdirSync, readFileSync } from 'node:fs';

/** Of a tick of /proc, in seconds. */
const tick = 0.01;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Seconds that the processors were busy, or taken away by the host, since the start; undefined elsewhere. */
function busySeconds(): number | undefined {
  const fields = read('/proc/stat')?.split('\n')[0]?.trim().split(/\s+/).slice(1).map(Number);
  if (fields === undefined) return undefined;
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, soft = 0, stolen = 0] = fields;
  return (user + nice + system + interrupts + soft + stolen) * tick;
}

/** Seconds of processor that a process has taken; 0 when it is not known. */
export function cpuSecondsOf(pid: number): number {
  const fields = read(`/proc/${pid}/stat`)?.split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * tick;
}

function tasksOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Bytes of memory that the children of a process take together. */
export function childBytes(pid: number): number {
  const tasks = tasksOf(pid);
  const children = tasks.flatMap((task) => (read(`/proc/${pid}/task/${task}/children`) ?? '').split(' '));
  return children.filter(Boolean).reduce((sum, child) => {
    const resident = /VmRSS:\s+(\d+) kB/.exec(read(`/proc/${child}/status`) ?? '')?.[1];
    return sum + Number(resident ?? 0) * 1024 + childBytes(Number(child));
  }, 0);
}

/**
 * Watches how much others take meanwhile.
 * @returns what gives the processors that were busy on average beside `own` seconds of one's own; undefined where that
 *   is not known.
 */
export function watchOthers(): (own: number) => number | undefined {
  const [begun, before] = [performance.now(), busySeconds()];
  return (own) => {
    const after = busySeconds();
    if (before === undefined || after === undefined) return undefined;
    return Math.max(0, (after - before - own) / ((performance.now() - begun) / 1000));
  };
}
