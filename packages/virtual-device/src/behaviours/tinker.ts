import type { BehaviourDevice, BehaviourFactory } from './behaviour.ts';

const WRONG_PIN = -1;
const WRONG_VALUE = -2;
const WRONG_KIND_OF_PIN = -3;
const HIGHEST_PIN = 7;
const LARGEST_READING = 4095;
const LARGEST_DUTY = 255;

/**
 * Tinker, the firmware that boards come with: four functions over the pins D0 to D7 and A0 to A7. `digitalRead` takes `D7` and returns 0 or 1; `digitalWrite`
 * takes `D7,HIGH` or `D7,LOW`; `analogRead` takes `A0` and returns 0 to 4095; `analogWrite` takes `A0,128`, 0 to 255. Writing returns 1. Anything else returns
 * a negative number: -1 for a pin that there isn't, -2 for a value, -3 for reading a digital pin as an analog one.
 */
export const tinker: BehaviourFactory = (device: BehaviourDevice) => {
  /** Levels from 0 to 1, for pins that were written. */
  const pins = new Map<string, number>();

  const write = (pin: string | undefined, level: number | undefined): number => {
    if (pin === undefined) return WRONG_PIN;
    if (level === undefined) return WRONG_VALUE;
    pins.set(pin, level);
    return 1;
  };

  return {
    functions: {
      digitalRead: (argument) => {
        const pin = pinIn(argument);
        return pin === undefined ? WRONG_PIN : Math.round(pins.get(pin) ?? 0);
      },
      digitalWrite: (argument) => write(pinIn(argument), digitalLevel(valueIn(argument))),
      analogRead: (argument) => {
        const pin = pinIn(argument);
        if (pin === undefined) return WRONG_PIN;
        if (!pin.startsWith('A')) return WRONG_KIND_OF_PIN;
        // A pin that nothing drives floats.
        return Math.floor((pins.get(pin) ?? device.entropy.fraction()) * LARGEST_READING);
      },
      analogWrite: (argument) => write(pinIn(argument), analogLevel(valueIn(argument))),
    },
    variables: {},
    subscriptions: [],
  };
};

function pinIn(argument: string): string | undefined {
  const pin = argument.slice(0, 2);
  const known = /^[AD][0-9]$/.test(pin) && Number(pin[1]) <= HIGHEST_PIN;
  return known && (argument.length === 2 || argument[2] === ',') ? pin : undefined;
}

function valueIn(argument: string): string {
  return argument.slice(3);
}

function digitalLevel(value: string): number | undefined {
  if (value === 'HIGH') return 1;
  return value === 'LOW' ? 0 : undefined;
}

function analogLevel(value: string): number | undefined {
  if (!/^[0-9]{1,4}$/.test(value)) return undefined;
  return Number(value) > LARGEST_DUTY ? undefined : Number(value) / LARGEST_DUTY;
}
