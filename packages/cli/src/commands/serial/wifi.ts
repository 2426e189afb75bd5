import { defineCommand } from '../../program/define-command.ts';
import { textOption } from '../../program/parameters.ts';
import { NEVER_ON_HARDWARE } from './never-on-hardware.ts';
import { portOption } from './port-option.ts';

const DETAILS = `The file is \`{"network": "my_ssid", "security": "WPA2_AES", "password": "my_password"}\`. \`security\` is one of NONE, WEP, WPA2_AES, WPA2_TKIP,
WPA2_AES+TKIP, WPA_AES, WPA_TKIP, WPA_AES+TKIP, WPA_802.1x and WPA2_802.1x. The last two, WPA Enterprise, take \`eap\` (PEAP or EAP-TLS), \`username\`,
\`outer_identity\`, \`client_certificate\`, \`private_key\` and \`root_ca\`; the certificates and the key are PEM. A password that is not in the file is asked for; none is
ever printed. Everything is checked before the device is told anything.

- Photon and P1 (Gen 2), Argon (Gen 3), and P2 and Photon 2 can be set up. Only P2 and Photon 2 have 5 GHz.
- WPA Enterprise is there on the Photon and the P1 alone, from Device OS 0.7.0 on, with intermediate certificates from 1.5.4 or 2.0 on. A device keeps one set of such
  credentials. EAP-TLS and PEAPv0/EAP-MSCHAPv2 work; certificates of RSA keys, signed with SHA-1, 256, 384 or 512; RSA and DH-RSA key schemes, AES-128-CBC, TLS 1.0 and 1.1.
- Argon, P2 and Photon 2 cannot join a network whose name is hidden; networks without DHCP they join from Device OS 5.3.0 on.
- Not supported: captive portals, IPv6, and on Photon and P1 networks of 802.11n alone. WEP is discouraged.
- Without a cable: Photon and P1 open a network of their own (SoftAP), Argon, P2 and Photon 2 take it over Bluetooth where their firmware does that. The mobile apps of their
  maker are not to be relied on: they go away.
- The device looks for the network itself, and is told its security only where it does not see it.

${NEVER_ON_HARDWARE}`;

export const wifi = defineCommand({
  name: 'serial wifi',
  summary: 'Tell a device on a serial port a Wi-Fi network',
  details: DETAILS,
  options: {
    port: portOption,
    file: textOption('--file <file>', 'credentials as JSON', { complete: 'file' }),
  },
  examples: [
    { line: 'serial wifi', says: 'asks for the network' },
    { line: 'serial wifi --file credentials.json', says: 'network, security and password from a file' },
  ],
  json: '`{ port, network, security, seen }`; `seen`: the device found the network itself',
  rows: ['CLI-45', 'NET-01', 'NET-02', 'NET-03', 'NET-04', 'NET-05', 'NET-06', 'NET-07', 'NET-08', 'NET-09', 'NET-10'],
  desk: true,
  async run({ port, file }, context) {
    const { openSerialHost } = await import('../../services/serial/open-serial-host.ts');
    const { setUpWifi } = await import('../../services/serial/wifi/set-up-wifi.ts');
    const outcome = await setUpWifi({ host: await openSerialHost(), port, file }, context);
    context.out.result(outcome, 'Done! Your device should now restart.');
  },
});
