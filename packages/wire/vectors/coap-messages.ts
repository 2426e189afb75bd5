/**
 * CoAP messages of the device protocol, byte for byte: all of appendix B of the protocol document. Message ids and tokens are arbitrary.
 * `header` marks the rows that end where the payload marker would follow.
 */
export interface CoapVector {
  readonly name: string;
  readonly length: number;
  readonly hex: string;
  readonly header?: true;
}

export const coapVectors = [
  {
    name: 'Hello (ID 12345, v7, flags f7, platform 13)',
    length: 39,
    hex: '40020001b168ff3039000700f7000d000ce00fce680123456789abcdef18380480001770000200',
  },
  { name: 'empty ACK', length: 4, hex: '60000001' },
  { name: 'ping', length: 4, hex: '40000002' },
  { name: 'RST', length: 4, hex: '70000002' },
  { name: 'time request', length: 7, hex: '4101000321b174' },
  { name: 'time answer 1700000000', length: 10, hex: '6145000321ff6553f100' },
  { name: 'publish temp = 21.5', length: 16, hex: '40020004b1450474656d70ff32312e35' },
  {
    name: 'publish, NON, CBOR double 21.5, TTL 3600',
    length: 26,
    hex: '50020005b1450474656d70113c220e10fffb4035800000000000',
  },
  { name: 'subscribe alerts/ (6.2)', length: 14, hex: '40010006b16507616c657274732f' },
  { name: 'subscribe alerts/ (≤6.1, own devices)', length: 16, hex: '40010006b16507616c657274732f4175' },
  { name: 'event alerts/hi = on, S→D', length: 19, hex: '40021234b16509616c657274732f6869ff6f6e' },
  { name: 'call led("on")', length: 14, hex: '4102123507b166036c6564426f6e' },
  { name: 'call led("")', length: 12, hex: '4102123507b166036c656440' },
  { name: 'return 1', length: 10, hex: '4144000707ff00000001' },
  { name: 'return −1', length: 10, hex: '4144000707ffffffffff' },
  { name: 'get variable temp', length: 12, hex: '4101123608b1760474656d70' },
  { name: 'double 21.5', length: 14, hex: '4145000808ff0000000000803540' },
  { name: 'int 42', length: 10, hex: '4145000808ff0000002a' },
  { name: 'GET Describe, app', length: 9, hex: '4101123709b1644102' },
  {
    name: 'POST Describe, app',
    length: 38,
    hex: '4102000922b1644102ff7b2266223a5b226c6564225d2c2276223a7b2274656d70223a397d7d',
  },
  { name: 'POST Describe, system, block 0 of several', length: 13, hex: '4102000922b164112a3101c10e', header: true },
  { name: 'signal on', length: 9, hex: '410312380ab1734101' },
  { name: 'discard session', length: 8, hex: '40031239b16b4101' },
  { name: 'Goodbye: sleep, 300 s', length: 11, hex: '4002000ab178ff0506ac02' },
  {
    name: 'OTA start: 100000 bytes, SHA-256, chunk 512, function 5',
    length: 52,
    hex: '410220000bb153e306f10186a04d13e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855420200c105',
  },
  { name: 'OTA start answer: window 256, offset 0', length: 11, hex: '4141000b0be206f8010040' },
  { name: 'OTA chunk 1', length: 10, hex: '50022001b143e106e901', header: true },
  { name: 'OTA chunk 300', length: 11, hex: '50022002b143e206e9012c', header: true },
  { name: 'OTA chunk ack: 3 in order, 5 also received', length: 15, hex: '5002000cb141e106e903ff02000000' },
  { name: 'OTA finish', length: 7, hex: '410220030cb146' },
  { name: 'OTA finish: discard + cancel', length: 11, hex: '410220030cb146e006fd40' },
] as const satisfies readonly CoapVector[];
