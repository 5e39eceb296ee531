import { startEngines } from '../../src/engines/start.ts';

/** Importing this file takes the fastest engines into use: tests that verify many signatures take seconds less. */
await startEngines();
