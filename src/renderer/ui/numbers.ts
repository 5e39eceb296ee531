/** Numbers as people read them. */
const whole = new Intl.NumberFormat('en-GB');
const sizes = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** 1204 as `1,204`. */
export function number(value: number): string {
  return whole.format(value);
}

/** A size in bytes with a unit: `1.4 MB`. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < sizes.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${sizes[unit] ?? ''}`;
}

/** A time that is left: `2 min 5 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.ceil(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
