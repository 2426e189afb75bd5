import { seconds, type Timer } from '@cloudchamber/kernel';
import type { BehaviourDevice, BehaviourFactory } from './behaviour.ts';

const SHORTEST_MS = seconds(4);
const SPREAD_MS = seconds(2);

/**
 * A weather station: variables `temperature` (double, °C), `humidity` (int, %), `summary` (string) and `raining` (bool), all drifting slowly, and every 4 to
 * 6 s an event `weather` with the same as JSON.
 */
export const weather: BehaviourFactory = (device: BehaviourDevice) => {
  const { clock, entropy } = device;
  let temperature = 12 + entropy.fraction() * 12;
  let humidity = 40 + entropy.fraction() * 40;

  const drift = (value: number, step: number, low: number, high: number): number =>
    Math.min(high, Math.max(low, value + (entropy.fraction() - 0.5) * step));
  const raining = (): boolean => humidity > 85;
  const summary = (): string => {
    if (raining()) return 'rain';
    return temperature > 25 ? 'hot' : temperature < 5 ? 'cold' : humidity > 65 ? 'cloudy' : 'fair';
  };
  const rounded = (): number => Math.round(temperature * 10) / 10;
  const report = () => ({
    temperature: rounded(),
    humidity: Math.round(humidity),
    summary: summary(),
    raining: raining(),
  });

  return {
    functions: {},
    variables: {
      temperature: { type: 'double', read: rounded },
      humidity: { type: 'int', read: () => Math.round(humidity) },
      summary: { type: 'string', read: summary },
      raining: { type: 'bool', read: raining },
    },
    subscriptions: [],
    start() {
      let timer: Timer;
      const again = (): void => {
        timer = clock.after(SHORTEST_MS + entropy.fraction() * SPREAD_MS, () => {
          temperature = drift(temperature, 0.4, -10, 38);
          humidity = drift(humidity, 2, 20, 100);
          // An event that is lost with its connection is followed by the next.
          device.publish('weather', JSON.stringify(report())).catch(() => {});
          again();
        });
      };
      again();
      return () => timer.cancel();
    },
  };
};
