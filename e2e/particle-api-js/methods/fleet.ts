import { expect } from 'vitest';
import { type Methods, notApplicable, notYet, type Place, works } from './method.ts';

const NO_SIMS = "SIM cards and their plans are the hosted service's; bring a SIM of any carrier.";
const NO_CONFIGURATION = 'Devices have no configuration on this server yet.';
const NO_LOCATIONS = 'Locations of devices are not kept on this server yet.';
const NO_LOGIC = 'There are no logic functions on this server yet.';
const NO_LEDGERS = 'There are no ledgers on this server yet.';
const NO_ENVIRONMENT = 'There are no environment variables on this server yet.';

const iccid = '8934076500002589174';
const logicFunctionId = '5f1a7b30c8d94e0012ab34cd';
const logicRunId = '5f1a7b30c8d94e0012ab34ce';
const source = { type: 'JavaScript', code: 'export default function main() {}' } as const;
const ledgerName = 'settings';
/** Environment variables want to be told that the account itself is meant. */
const scopeOf = (place: Place) => (Object.keys(place).length === 0 ? { sandbox: true } : place);
const scopeValue = 'e00fce68a1b2c3d4e5f60718';

export const simMethods: Methods = {
  listSIMs: works(async ({ ann, product }) => {
    for (const place of [{}, { product }]) {
      expect((await ann.listSIMs(place)).body).toEqual({ sims: [], meta: { total_pages: 0 } });
    }
  }, `The list is empty: ${NO_SIMS}`),
  getSIMDataUsage: notApplicable(NO_SIMS, ({ ann }, { product }) => ann.getSIMDataUsage({ product, iccid })),
  getFleetDataUsage: notApplicable(NO_SIMS, ({ ann, product }) => ann.getFleetDataUsage({ product })),
  checkSIM: notApplicable(NO_SIMS, ({ ann }) => ann.checkSIM({ iccid }), true),
  removeSIM: notApplicable(NO_SIMS, ({ ann }, { product }) => ann.removeSIM({ product, iccid })),
};

export const configurationMethods: Methods = {
  getProductConfiguration: notYet(NO_CONFIGURATION, ({ ann, product }) => ann.getProductConfiguration({ product })),
  getProductConfigurationSchema: notYet(NO_CONFIGURATION, ({ ann, product }) =>
    ann.getProductConfigurationSchema({ product }),
  ),
  getProductDeviceConfiguration: notYet(NO_CONFIGURATION, ({ ann, product, productDevice: { deviceId } }) =>
    ann.getProductDeviceConfiguration({ product, deviceId }),
  ),
  getProductDeviceConfigurationSchema: notYet(NO_CONFIGURATION, ({ ann, product, productDevice: { deviceId } }) =>
    ann.getProductDeviceConfigurationSchema({ product, deviceId }),
  ),
  setProductConfiguration: notYet(NO_CONFIGURATION, ({ ann, product }) =>
    ann.setProductConfiguration({ product, config: {} }),
  ),
  setProductDeviceConfiguration: notYet(NO_CONFIGURATION, ({ ann, product, productDevice: { deviceId } }) =>
    ann.setProductDeviceConfiguration({ product, deviceId, config: {} }),
  ),
};

export const locationMethods: Methods = {
  getProductLocations: notYet(NO_LOCATIONS, ({ ann, product }) => ann.getProductLocations({ product })),
  getProductDeviceLocations: notYet(NO_LOCATIONS, ({ ann, product, productDevice: { deviceId } }) =>
    ann.getProductDeviceLocations({ product, deviceId }),
  ),
};

export const logicMethods: Methods = {
  executeLogic: notYet(NO_LOGIC, ({ ann }, { org }) => ann.executeLogic({ org, logic: { source } })),
  createLogicFunction: notYet(NO_LOGIC, ({ ann }, { org }) =>
    ann.createLogicFunction({ org, logicFunction: { name: 'a', source } }),
  ),
  getLogicFunction: notYet(NO_LOGIC, ({ ann }, { org }) => ann.getLogicFunction({ org, logicFunctionId })),
  updateLogicFunction: notYet(NO_LOGIC, ({ ann }, { org }) =>
    ann.updateLogicFunction({ org, logicFunctionId, logicFunction: { name: 'b' } }),
  ),
  deleteLogicFunction: notYet(NO_LOGIC, ({ ann }, { org }) => ann.deleteLogicFunction({ org, logicFunctionId })),
  listLogicFunctions: notYet(NO_LOGIC, ({ ann }, { org }) => ann.listLogicFunctions({ org })),
  listLogicRuns: notYet(NO_LOGIC, ({ ann }, { org }) => ann.listLogicRuns({ org, logicFunctionId })),
  getLogicRun: notYet(NO_LOGIC, ({ ann }, { org }) => ann.getLogicRun({ org, logicFunctionId, logicRunId })),
  getLogicRunLogs: notYet(NO_LOGIC, ({ ann }, { org }) => ann.getLogicRunLogs({ org, logicFunctionId, logicRunId })),
};

export const ledgerMethods: Methods = {
  createLedger: notYet(NO_LEDGERS, ({ ann }, { org }) =>
    ann.createLedger({ org, ledger: { name: ledgerName, scope: 'Device', direction: 'Downstream' } }),
  ),
  getLedger: notYet(NO_LEDGERS, ({ ann }, { org }) => ann.getLedger({ org, ledgerName })),
  updateLedger: notYet(NO_LEDGERS, ({ ann }, { org }) =>
    ann.updateLedger({ org, ledgerName, ledger: { description: 'More' } }),
  ),
  archiveLedger: notYet(NO_LEDGERS, ({ ann }, { org }) => ann.archiveLedger({ org, ledgerName })),
  listLedgers: notYet(NO_LEDGERS, ({ ann }, { org }) => ann.listLedgers({ org })),
  getLedgerInstance: notYet(NO_LEDGERS, ({ ann }, { org }) => ann.getLedgerInstance({ org, ledgerName, scopeValue })),
  setLedgerInstance: notYet(NO_LEDGERS, ({ ann }, { org }) =>
    ann.setLedgerInstance({ org, ledgerName, scopeValue, instance: { data: { level: 3 } } }),
  ),
  deleteLedgerInstance: notYet(NO_LEDGERS, ({ ann }, { org }) =>
    ann.deleteLedgerInstance({ org, ledgerName, scopeValue }),
  ),
  listLedgerInstances: notYet(NO_LEDGERS, ({ ann }, { org }) => ann.listLedgerInstances({ org, ledgerName })),
  listLedgerInstanceVersions: notYet(NO_LEDGERS, ({ ann }, { org }) =>
    ann.listLedgerInstanceVersions({ org, ledgerName, scopeValue }),
  ),
  getLedgerInstanceVersion: notYet(NO_LEDGERS, ({ ann }, { org }) =>
    ann.getLedgerInstanceVersion({ org, ledgerName, scopeValue, version: '1' }),
  ),
};

export const environmentMethods: Methods = {
  listEnvVars: notYet(NO_ENVIRONMENT, ({ ann }, place) => ann.listEnvVars({ ...scopeOf(place) })),
  updateEnvVars: notYet(NO_ENVIRONMENT, ({ ann }, place) => ann.updateEnvVars({ ...scopeOf(place), ops: [] })),
  setEnvVar: notYet(NO_ENVIRONMENT, ({ ann }, place) => ann.setEnvVar({ ...scopeOf(place), key: 'LEVEL', value: '3' })),
  deleteEnvVar: notYet(NO_ENVIRONMENT, ({ ann }, place) => ann.deleteEnvVar({ ...scopeOf(place), key: 'LEVEL' })),
  renderEnvVars: notYet(NO_ENVIRONMENT, ({ ann }, place) => ann.renderEnvVars({ ...scopeOf(place) })),
  reviewEnvVarsRollout: notYet(NO_ENVIRONMENT, ({ ann }, place) => ann.reviewEnvVarsRollout({ ...scopeOf(place) })),
  startEnvVarsRollout: notYet(NO_ENVIRONMENT, ({ ann }, place) =>
    ann.startEnvVarsRollout({ ...scopeOf(place), when: 'Immediate' }),
  ),
};
