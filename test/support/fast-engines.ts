/** Takes the native engines into use for a test that checks thousands of signatures: `import '.../fast-engines.ts'`. */
import { startEngines } from '../../src/engines/start.ts';

await startEngines();
