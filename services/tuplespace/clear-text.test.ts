import { checkClearText } from './clear-text.js';

test.each([
  '127.0.0.1:7000',
  'localhost:7000',
  'tuplespace:7000',
  'space-1:7000,space-2:7000',
  '10.1.2.3:7000',
  '172.31.0.9:7000',
  '192.168.1.1:7000',
  '[::1]:7000',
  '[fd00::1]:7000',
  'tuplespace.byzantine.svc:7000',
])('a token may go in clear to %s', (addresses) => {
  checkClearText(addresses);
});

test.each([
  '8.8.8.8:7000',
  '172.32.0.1:7000',
  'space.example.com:7000',
  'tuplespace:7000,1.2.3.4:7000',
  '[2001:db8::1]:7000',
])('a token may not go in clear to %s', (addresses) => {
  expect(() => checkClearText(addresses)).toThrow(expect.objectContaining({ code: 'failed_precondition' }));
});
