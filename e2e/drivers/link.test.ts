/**
 * A link does the harm that it says: a fault that does none would prove nothing.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Link } from './link.js';

let echo: Server;
let link: Link;
const sockets: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
  link = await Link.open((echo.address() as AddressInfo).port);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await link.close();
  await new Promise((resolve) => echo.close(resolve));
});

function open(): Socket {
  const socket = connect(link.port, '127.0.0.1');
  socket.on('error', () => {});
  sockets.push(socket);
  return socket;
}

/** What comes back, up to so many bytes or the end of the connection. */
async function received(socket: Socket, bytes: number): Promise<string> {
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.length >= bytes) break;
  }
  return text;
}

test('what goes in comes out at the other end, both ways', async () => {
  const socket = open();
  socket.write('hello');
  expect(await received(socket, 5)).toBe('hello');
});

test('a cut breaks connections and refuses others, until it is healed', async () => {
  const before = open();
  await once(before, 'connect');
  link.cut();
  await once(before, 'close');
  await once(open(), 'close');
  link.heal();
  const after = open();
  after.write('again');
  expect(await received(after, 5)).toBe('again');
});

test('an answer breaks off after so many bytes, though the request arrived', async () => {
  link.breakAnswers(() => 3);
  const arrived = once(echo, 'connection').then(([socket]) => once(socket as Socket, 'data'));
  const socket = open();
  socket.write('hello');
  expect(await received(socket, 5)).toBe('');
  expect(String((await arrived)[0])).toBe('hello');
});

test('bytes that are held back take their time and keep their order, also when the delay ends', async () => {
  link.delay(60);
  const arrived = once(echo, 'connection').then(([socket]) => once(socket as Socket, 'data'));
  const socket = open();
  const startMs = performance.now();
  socket.write('first ');
  await arrived;
  link.heal();
  socket.write('second');
  expect(await received(socket, 12)).toBe('first second');
  expect(performance.now() - startMs).toBeGreaterThan(55);
});
