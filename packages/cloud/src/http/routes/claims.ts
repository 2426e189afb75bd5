import { claimRoutes, formatTimestamp } from '@cloudchamber/contract';
import type { FastifyReply } from 'fastify';
import type { Bus } from '../../bus/index.ts';
import { type AccountServices, findUserByName } from '../../domain/accounts/index.ts';
import {
  answerTransfer,
  answerTransferByToken,
  createClaimCode,
  createProductClaimCode,
  handOverDevice,
  type ListedTransfer,
  listTransfers,
  transferQuestion,
} from '../../domain/devices/index.ts';
import { DomainError } from '../../domain/domain-error.ts';
import { statusByKind } from '../error-mapping.ts';
import { type Page, sendPage } from '../pages/page.ts';
import { transferAnsweredPage, transferFailedPage, transferQuestionPage } from '../pages/transfer-page.ts';
import { registerRoute } from '../register-route.ts';
import { recognize } from '../route-door.ts';
import type { RouteModule } from '../server.ts';
import { deviceErrorReply } from './devices-errors.ts';

export interface ClaimRouteParts {
  readonly accounts: Pick<AccountServices, 'mailer'>;
  readonly bus: Bus;
  /** Where clients reach this server, without a slash at the end (CHAMBER_PUBLIC_URL). */
  readonly publicUrl: string;
}

/** Claim codes and transfers of devices: sections 2.4 and 2.7 of the device notes. */
export function claimRouteModule({ accounts, bus, publicUrl }: ClaimRouteParts): RouteModule {
  const family = { renderError: deviceErrorReply(publicUrl) };
  const parts = { bus, services: accounts };
  return (app) => {
    registerRoute(
      app,
      claimRoutes.createClaimCode,
      async ({ ctx, body, reply }) => {
        const { code, deviceIds } = await createClaimCode(ctx, body);
        reply.header('cache-control', 'no-store');
        return { claim_code: code, device_ids: [...deviceIds] };
      },
      family,
    );
    registerRoute(
      app,
      claimRoutes.createProductClaimCode,
      async ({ ctx, params, body, reply }) => {
        const { code, deviceIds } = await createProductClaimCode(ctx, params.productIdOrSlug, body);
        reply.header('cache-control', 'no-store');
        return { claim_code: code, device_ids: [...deviceIds] };
      },
      family,
    );
    registerRoute(
      app,
      claimRoutes.listDeviceTransfers,
      async ({ ctx }) => {
        const { incoming, outgoing } = await listTransfers(ctx);
        return { transfers: [...incoming.map(incomingBody), ...outgoing.map(outgoingBody)] };
      },
      family,
    );
    registerRoute(
      app,
      claimRoutes.approveDeviceTransfer,
      async ({ ctx, params }) => {
        await answerTransfer(ctx, parts, params.transferId, 'approve');
        return { ok: true as const };
      },
      family,
    );
    registerRoute(
      app,
      claimRoutes.declineDeviceTransfer,
      async ({ ctx, params }) => {
        await answerTransfer(ctx, parts, params.transferId, 'decline');
        return { ok: true as const };
      },
      family,
    );
    registerRoute(app, claimRoutes.showDeviceTransfer, ({ ctx, query, reply }) => {
      const { token = '' } = query;
      return answerWithPage(reply, async () => transferQuestionPage(await transferQuestion(ctx, token), token));
    });
    registerRoute(app, claimRoutes.answerDeviceTransfer, ({ ctx, body, request, reply }) =>
      answerWithPage(reply, async () => {
        recognize(request, await answerTransferByToken(ctx, parts, body.token, body.answer));
        return transferAnsweredPage(body.answer);
      }),
    );
    registerRoute(
      app,
      claimRoutes.transferDevice,
      async ({ ctx, params, body }) => {
        const owner = body.owner === null ? null : await findUserByName(ctx, body.owner);
        if (owner === undefined) {
          throw new DomainError('not_found', 'user_not_found', 'There is no account with that e-mail');
        }
        const id = await handOverDevice(ctx, bus, params.deviceId, owner?.id ?? null);
        return { ok: true as const, id, owner: owner?.username ?? null };
      },
      family,
    );
  };
}

/** A refusal is a page too: people read it, not programs. */
async function answerWithPage(reply: FastifyReply, make: () => Promise<Page>): Promise<FastifyReply> {
  try {
    return sendPage(reply, await make());
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return sendPage(reply, transferFailedPage(error.message), { status: statusByKind[error.kind] });
  }
}

const incomingBody = (transfer: ListedTransfer) => ({
  ...sharedBody(transfer),
  device_name: transfer.deviceName,
  direction: 'incoming' as const,
});

/** The name of a device of somebody else is not told. */
const outgoingBody = (transfer: ListedTransfer) => ({
  ...sharedBody(transfer),
  device_name: null,
  direction: 'outgoing' as const,
});

const sharedBody = ({ id, deviceId, requestedBy, state, createdAt, expiresAt }: ListedTransfer) => ({
  id,
  device_id: deviceId,
  requested_by: requestedBy,
  state,
  created_at: formatTimestamp(createdAt),
  expires_at: formatTimestamp(expiresAt),
});
