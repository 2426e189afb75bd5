import type { Output } from '@cloudchamber/contract';

type Setting = Output<'getProduct'>['product']['settings']['unknown_devices'];

/** What the product does with devices that announce it without belonging to it. */
export const UNKNOWN_DEVICES: Readonly<Record<Setting, string>> = {
  quarantine: 'Unknown devices connect and wait here.',
  approve: 'Unknown devices join by themselves when nobody outside of your team owns them; the others wait here.',
  refuse: "Unknown devices can't connect; those that are here came before.",
};

/** @returns what an approval has done, in words, and whether all devices have joined */
export function approvalText(reply: Output<'importDevices'>): { readonly text: string; readonly ok: boolean } {
  const joined = reply.updatedDeviceIds.length + reply.existingDeviceIds.length;
  const parts = [
    `${joined} approved`,
    reply.nonmemberDeviceIds.length > 0 && `${reply.nonmemberDeviceIds.length} belong to people outside of the team`,
    reply.invalidDeviceIds.length > 0 &&
      `${reply.invalidDeviceIds.length} are of other hardware, or in a product that you may not take devices from`,
  ].filter((part) => part !== false);
  return { text: parts.join(', '), ok: parts.length === 1 };
}
