import { errorFamily } from './family.ts';

const damaged = 'The file is damaged or was changed; what it holds cannot be used.';
const again = 'Get the file again from the log, or from another copy of it.';

/** Tiles and entry bundles: the files of a log (`docs/spec/tiles.md`). */
export const tileErrors = errorFamily('tile', {
  'tile-path': {
    happened: 'A path does not name a tile or an entry bundle.',
    means: 'It is not a file of the log.',
    next: 'Nothing needs to be done, unless you expected a tile here.',
  },
  'tile-length': {
    happened: 'A tile does not have exactly 32 bytes for each of its hashes.',
    means: damaged,
    next: again,
  },
  'tile-bundle-malformed': {
    happened: 'An entry bundle does not consist of exactly as many entries as its name says.',
    means: damaged,
    next: again,
  },
});

export type TileCode = keyof typeof tileErrors;
