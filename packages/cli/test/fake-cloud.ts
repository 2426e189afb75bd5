import type { OperationName } from '@cloudchamber/contract';
import { ApiError, type Arguments, type Input, type Output } from '@cloudchamber/contract/client';
import type { Cloud } from '../src/cloud/cloud.ts';

type Answers = {
  readonly [Name in OperationName]?: (input: Input<Name>) => Output<Name> | Promise<Output<Name>>;
};

/** A cloud of a few operations; it keeps what was asked. */
export interface FakeCloud extends Pick<Cloud, 'call'> {
  readonly asked: readonly (readonly [name: string, input: unknown])[];
}

/** @param answers what operations answer; the others answer 404 */
export function fakeCloud(answers: Answers): FakeCloud {
  const asked: (readonly [name: string, input: unknown])[] = [];
  return {
    asked,
    async call<Name extends OperationName>(...[name, input]: Arguments<Name>): Promise<Output<Name>> {
      asked.push([name, input]);
      const answer = answers[name] as ((given: unknown) => Output<Name> | Promise<Output<Name>>) | undefined;
      if (answer === undefined) throw refusal(404, `no ${name}`);
      return answer(input);
    },
  };
}

export function refusal(status: number, message: string): ApiError {
  return new ApiError(message, { status });
}
