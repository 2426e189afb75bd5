import type http from 'node:http';

/** One open stream and what it has said so far. */
export class StreamReader {
  readonly response: http.IncomingMessage;
  text = '';
  over = false;
  #look: () => void = () => {};

  constructor(response: http.IncomingMessage) {
    this.response = response;
    response.on('data', (chunk: Buffer) => {
      this.text += chunk.toString();
      this.#look();
    });
    for (const ending of ['end', 'error', 'close']) {
      response.on(ending, () => {
        this.over = true;
        this.#look();
      });
    }
  }

  /** Waits until what was said satisfies `enough`. */
  until(enough: (text: string) => boolean): Promise<string> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (enough(this.text)) resolve(this.text);
      };
      this.#look();
    });
  }

  ended(): Promise<string> {
    return this.until(() => this.over);
  }
}
