/**
 * Who may import whom, type imports included. The table is the one of docs/decisions/0004; `scripts/checks/imports.ts`
 * runs it and holds what rules over paths cannot say.
 */

/** For each room: the rooms it may import beside itself, and whether Node's own modules are open to it. */
export const rooms = {
  core: { rooms: [], node: false },
  engines: { rooms: ['core'], node: true },
  wallet: { rooms: ['core', 'engines'], node: true },
  firehose: { rooms: ['core', 'engines'], node: true },
  contract: { rooms: ['core'], node: false },
  desk: { rooms: ['core', 'engines', 'wallet', 'firehose', 'contract'], node: true },
  main: { rooms: ['core', 'contract', 'desk'], node: true },
  preload: { rooms: ['contract'], node: false },
  renderer: { rooms: ['contract'], node: false },
  cli: { rooms: ['core', 'engines', 'wallet', 'firehose'], node: true },
};

/** The packages of src/core: pure computations, nothing that reads a clock, a disk or a network. */
const corePackages = ['@noble/hashes', '@scure/bip39', 'tweetnacl'];

const anyTest = '[.]test[.]ts$';

const roomRules = Object.entries(rooms).flatMap(([room, may]) => [
  {
    name: `${room}-imports-its-rooms-only`,
    comment: `src/${room} may import ${['itself', ...may.rooms].join(', ')}`,
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: '^src/', pathNot: [room, ...may.rooms].map((name) => `^src/${name}/`) },
  },
  ...(may.node
    ? []
    : [
        {
          name: `${room}-imports-no-node-module`,
          comment: `src/${room} runs without Node: disk, network, clock and randomness come in through ports`,
          severity: 'error',
          from: { path: `^src/${room}/`, pathNot: anyTest },
          to: { dependencyTypes: ['core'] },
        },
      ]),
]);

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'core-imports-pure-packages-only',
      severity: 'error',
      from: { path: '^src/core/', pathNot: anyTest },
      to: { path: '^node_modules/', pathNot: corePackages.map((name) => `^node_modules/${name}/`) },
    },
    {
      name: 'contract-imports-core-types-only',
      severity: 'error',
      from: { path: '^src/contract/', pathNot: anyTest },
      to: { path: '^src/core/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'electron-in-the-shell-only',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(main|preload)/' },
      to: { path: '^node_modules/electron/' },
    },
    {
      name: 'main-imports-of-core-errors-only',
      severity: 'error',
      from: { path: '^src/main/', pathNot: anyTest },
      to: { path: '^src/core/', pathNot: '^src/core/errors/' },
    },
    {
      name: 'product-imports-no-test',
      severity: 'error',
      from: { path: '^(src|scripts)/', pathNot: anyTest },
      to: { path: ['^test/', anyTest] },
    },
    {
      name: 'product-imports-no-development-package',
      comment:
        'what the desktop application imports is bundled into it, so that its packages are not installed again',
      severity: 'error',
      from: { path: '^src/', pathNot: [anyTest, '^src/(contract|main|preload|renderer)/'] },
      to: {
        dependencyTypes: ['npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'scripts-stand-alone',
      comment: 'what checks the product does not share its code',
      severity: 'error',
      from: { path: '^scripts/' },
      to: { path: '^(src|test)/' },
    },
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      comment:
        'a file that imports nothing and that nothing imports; migrations and verbs are found by folder, declarations by the compiler, the port of a utility process by its address',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          ...['/migrations/', '^src/cli/verbs/', '^src/renderer/features/', '[.]d[.]ts$', anyTest],
          '^test/host/parent-port[.]ts$',
        ],
      },
      to: {},
    },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    // Type imports count, and the parser is the compiler's own.
    tsPreCompilationDeps: true,
    parser: 'tsc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types'],
    },
  },
};
