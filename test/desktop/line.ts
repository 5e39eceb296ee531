/** A line to a service on this machine that can be cut, and comes back at the same address. */
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export class Line {
  readonly #to: number;
  readonly #open = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  /** Bytes that still go through to the service before the line breaks by itself. */
  #left = Infinity;

  /** @param to the port of the service. */
  constructor(to: number) {
    this.#to = to;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/`;
  }

  async connect(): Promise<void> {
    this.#left = Infinity;
    const server = createServer((socket) => {
      const other = connect(this.#to, '127.0.0.1');
      for (const end of [socket, other]) {
        this.#open.add(end);
        end.on('error', () => end.destroy());
        end.on('close', () => this.#open.delete(end));
      }
      socket.on('data', (bytes: Buffer) => {
        this.#left -= bytes.length;
        if (this.#left < 0) this.cut();
      });
      socket.pipe(other).pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Breaks in the middle of what is sent, once so many bytes went through. */
  breakAfter(bytes: number): void {
    this.#left = bytes;
  }

  cut(): void {
    this.#server?.close();
    for (const end of this.#open) end.destroy();
  }
}
