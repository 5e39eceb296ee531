/** Run before the program of a utility process: what it knows of the process that started it. */
type Listener = (event: { readonly data: unknown }) => void;

Object.assign(process, {
  parentPort: {
    on: (name: string, listener: Listener) =>
      process.on(name, (data: unknown) => {
        listener({ data });
      }),
    postMessage: (data: string) => process.send?.(data),
  },
});
