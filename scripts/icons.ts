/**
 * Draws the icons of the packages from the one drawing in `src/renderer/icon.svg`, in a Chromium of this machine, into
 * `resources/icons`: a picture for each size, and the two collections that macOS and Windows want. They are kept in the
 * repository, so this is run only when the drawing changed:
 *
 *     node scripts/icons.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { project } from './lockfile.ts';

const folder = join(project, 'resources/icons');
const sizes = [16, 32, 48, 64, 128, 256, 512] as const;
type Size = (typeof sizes)[number];

/** The types under which macOS knows pictures of these sizes. */
const macTypes: readonly (readonly [type: string, size: Size])[] = [
  ['icp4', 16],
  ['icp5', 32],
  ['icp6', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
];

/** What stands in the bar of the system: the sign alone, in black, which macOS colours itself. */
const template = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="9 9 46 46">
  <circle cx="32" cy="32" r="20" fill="none" stroke="#000" stroke-width="4"/>
  <path d="M22 33l7 7 14-16" fill="none" stroke="#000" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`;

/** A collection for macOS: a type and a length before each picture. */
function icns(pictures: ReadonlyMap<Size, Buffer>): Buffer {
  const parts = macTypes.map(([type, size]) => {
    const picture = pictures.get(size) ?? Buffer.alloc(0);
    const head = Buffer.alloc(8);
    head.write(type, 'latin1');
    head.writeUInt32BE(8 + picture.length, 4);
    return Buffer.concat([head, picture]);
  });
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.write('icns', 'latin1');
  head.writeUInt32BE(8 + body.length, 4);
  return Buffer.concat([head, body]);
}

/** A collection for Windows: a table of sizes and places, then the pictures. */
function ico(pictures: ReadonlyMap<Size, Buffer>): Buffer {
  const taken = [...pictures].filter(([size]) => size <= 256);
  const head = Buffer.alloc(6 + 16 * taken.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(taken.length, 4);
  let place = head.length;
  for (const [i, [size, picture]] of taken.entries()) {
    const at = 6 + 16 * i;
    // 256 is written as 0.
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(picture.length, at + 8);
    head.writeUInt32LE(place, at + 12);
    place += picture.length;
  }
  return Buffer.concat([head, ...taken.map(([, picture]) => picture)]);
}

const browser = await chromium.launch({
  executablePath: process.env['COUNTERSIGN_CHROMIUM'] ?? '/usr/bin/chromium',
  // Chromium refuses its sandbox when root runs it; it draws our own picture only.
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage();

async function draw(svg: string, size: number): Promise<Buffer> {
  await page.setViewportSize({ width: size, height: size });
  const image = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
  await page.setContent(`<body style="margin:0"><img width="${size}" height="${size}" src="${image}">`);
  return page.screenshot({ omitBackground: true });
}

const drawing = readFileSync(join(project, 'src/renderer/icon.svg'), 'utf8');
mkdirSync(folder, { recursive: true });
const pictures = new Map<Size, Buffer>();
for (const size of sizes) pictures.set(size, await draw(drawing, size));
for (const [size, picture] of pictures) writeFileSync(join(folder, `${size}x${size}.png`), picture);
writeFileSync(join(folder, 'icon.icns'), icns(pictures));
writeFileSync(join(folder, 'icon.ico'), ico(pictures));
for (const [name, size] of [
  ['trayTemplate.png', 18],
  ['trayTemplate@2x.png', 36],
] as const)
  writeFileSync(join(folder, name), await draw(template, size));
writeFileSync(join(folder, 'tray.png'), await draw(drawing, 32));
await browser.close();
