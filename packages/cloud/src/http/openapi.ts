import type { Route } from '@cloudchamber/contract';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { describeOperation, type Operation } from './openapi-operation.ts';

/** The pages need no other host, and an attacker who could write into them could reach none. */
const PAGES_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Collects the routes that are registered from now on into `/v1/openapi.json` and the pages under `/v1/docs`. */
export async function addOpenApi(fastify: FastifyInstance): Promise<void> {
  const described = new Map<string, Route>();
  fastify.addHook('onRoute', ({ config }) => {
    const route = config?.contract;
    if (route !== undefined) described.set(route.operation, route);
  });
  await fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Cloud Chamber',
        description:
          'The device cloud API of this server. Tokens come from POST /oauth/token and go into the header `Authorization: Bearer …`; every refusal is a JSON object.',
        version: '1',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          basic: { type: 'http', scheme: 'basic', description: 'E-mail and password of an account' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => {
      const object = jsonSchemaTransformObject(document);
      const paths = object.paths as unknown as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
      for (const path of Object.values(paths)) {
        for (const operation of Object.values(path)) {
          const route = described.get(operation.operationId ?? '');
          if (route !== undefined) describeOperation(operation, route);
        }
      }
      return object;
    },
  });
  await fastify.register(swaggerUi, {
    routePrefix: '/v1/docs',
    staticCSP: PAGES_POLICY,
    theme: { title: 'Cloud Chamber API' },
    uiConfig: { layout: 'BaseLayout', docExpansion: 'list', deepLinking: true, validatorUrl: null },
  });
  fastify.get('/docs', { schema: { hide: true } }, (_request, reply) => reply.redirect('/v1/docs'));
  fastify.get('/v1/openapi.json', { schema: { hide: true } }, () => fastify.swagger());
}
