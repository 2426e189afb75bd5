import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeviceId } from '@cloudchamber/kernel';
import { generateP256, spkiFromPem } from '@cloudchamber/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CloudApi } from './cloud-api.ts';

interface Call {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

describe('the calls to the Cloud API', () => {
  const device = { deviceId: '0a10aced0000000000000001' as DeviceId, identity: generateP256() };
  let server: Server;
  let url: string;
  let calls: Call[];
  let answer: { status: number; body: string };

  beforeEach(async () => {
    calls = [];
    answer = { status: 200, body: '{"ok":true}' };
    server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      const { method, url: path, headers } = request;
      calls.push({ method, url: path, authorization: headers.authorization, body: body && JSON.parse(body) });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('registers the public key, then claims', async () => {
    await new CloudApi(`${url}/`, 'abc').adopt(device);
    expect(calls.map(({ method, url: path, authorization }) => [method, path, authorization])).toEqual([
      ['POST', `/v1/provisioning/${device.deviceId}`, 'Bearer abc'],
      ['POST', '/v1/devices', 'Bearer abc'],
    ]);
    const { publicKey, ...rest } = calls[0]!.body as { publicKey: string };
    expect(Buffer.from(spkiFromPem(publicKey))).toEqual(Buffer.from(device.identity.spki));
    expect(rest).toEqual({ deviceID: device.deviceId, filename: 'particle-api', algorithm: 'ecc' });
    expect(calls[1]?.body).toEqual({ id: device.deviceId });
  });

  it('registers the public key alone for a device that brings a claim code', async () => {
    await new CloudApi(url, 'abc').register(device);
    expect(calls.map(({ method, url: path }) => [method, path])).toEqual([
      ['POST', `/v1/provisioning/${device.deviceId}`],
    ]);
  });

  it('renames', async () => {
    await new CloudApi(url, 'abc').rename(device.deviceId, 'station-1');
    expect(calls).toMatchObject([
      { method: 'PUT', url: `/v1/devices/${device.deviceId}`, body: { name: 'station-1' } },
    ]);
  });

  it('asks for the server key without a token', async () => {
    const { spki } = generateP256();
    const pem = `-----BEGIN PUBLIC KEY-----\n${Buffer.from(spki).toString('base64')}\n-----END PUBLIC KEY-----\n`;
    answer = { status: 200, body: JSON.stringify({ public_key: pem, udp_port: 5690 }) };
    const key = await new CloudApi(url).serverKey();
    expect({ ...key, spki: Buffer.from(key.spki) }).toEqual({ spki: Buffer.from(spki), udpPort: 5690 });
    expect(calls).toMatchObject([{ method: 'GET', url: '/v1/server-key', authorization: undefined }]);
  });

  it.each([
    [
      401,
      '{"error":"invalid_token","error_description":"The access token provided is invalid."}',
      '401 The access token',
    ],
    [403, '{"error":"belongs to someone else"}', '403 belongs to someone else'],
    [502, '<html>', '502 Bad Gateway'],
  ])('says what the cloud said (%i)', async (status, body, message) => {
    answer = { status, body };
    await expect(new CloudApi(url, 'abc').adopt(device)).rejects.toMatchObject({
      code: 'cloud.refused',
      message: expect.stringContaining(message),
    });
    expect(calls).toHaveLength(1);
  });

  it.each(['<html>', '{}', '[]'])('notices a server that is no cloud (%s)', async (body) => {
    answer = { status: 200, body };
    await expect(new CloudApi(url).serverKey()).rejects.toMatchObject({ code: 'cloud.bad_answer' });
  });

  it('says when nobody is there', async () => {
    server.close();
    await expect(new CloudApi(url).serverKey()).rejects.toMatchObject({
      code: 'cloud.unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
