/** Times are shown in the zone of the browser or in UTC. */
export type Zone = 'local' | 'utc';

const KEY = 'chamber.zone';
const listeners = new Set<() => void>();
let zone: Zone = localStorage.getItem(KEY) === 'utc' ? 'utc' : 'local';

/** The person's choice, kept in this browser. */
export const zoneSetting = {
  get: (): Zone => zone,
  set(next: Zone): void {
    zone = next;
    localStorage.setItem(KEY, next);
    for (const listener of listeners) listener();
  },
  listen(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
