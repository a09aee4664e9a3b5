import { makeApprovePromotion } from './approve-promotion.ts';
import { makeAssignRole } from './assign-role.ts';
import { makeCancelPromotion } from './cancel-promotion.ts';
import { makeChangeWorkflow } from './change-workflow.ts';
import { makeCheckUseCases } from './checks/make-check-use-cases.ts';
import {
  makeCompareContents,
  makeComparePromotion,
  makeCompareVersions,
  makeShowWideDiff,
} from './compare-versions.ts';
import { makeCreateToken } from './create-token.ts';
import { makeDeployVersion } from './deploy-version.ts';
import { makeExecuteWorkflow } from './execution/execute-workflow.ts';
import { makeAnswerWork, makeTakeWork } from './execution/take-work.ts';
import { makeTestFile } from './execution/test-file.ts';
import { makeExpirePromotions } from './expire-promotions.ts';
import { makeFindToken, makeRecordTokenUses } from './find-token.ts';
import { makeHoldUseCases } from './holds/make-hold-use-cases.ts';
import { makeLabelVersion } from './label-version.ts';
import { makeLiftQuarantine } from './lift-quarantine.ts';
import { makeListAgents } from './list-agents.ts';
import {
  makeListAudit,
  makeListDepartments,
  makeListRoles,
  makeListWebhookDeliveries,
  makeRedeliverWebhook,
} from './list-records.ts';
import { makeListRuns, makeSummarizeRuns } from './list-runs.ts';
import { makeListTokens } from './list-tokens.ts';
import { makeCollectLogin } from './login/collect-login.ts';
import { makeConfirmLogin, makeRefuseLogin } from './login/decide-login.ts';
import { makeEndLogin, makeWhoAmI } from './login/end-login.ts';
import { makeFindLogin } from './login/find-login.ts';
import { makeStartLogin } from './login/start-login.ts';
import { NO_RUNNERS, type Runners } from './ports/runners.ts';
import type { Secrets } from './ports/secrets.ts';
import type { AllPorts } from './ports.ts';
import { makePreviewPromotion } from './preview-promotion.ts';
import { makePreviewRollback } from './preview-rollback.ts';
import { makePushVersion } from './push-version.ts';
import { makeReadSecret } from './read-secret.ts';
import { makeRecordProfiles } from './record-profiles.ts';
import { makeRecordRuns } from './record-runs.ts';
import { makeRegisterAgent } from './register-agent.ts';
import { makeRejectPromotion } from './reject-promotion.ts';
import { makeRequestPromotion } from './request-promotion.ts';
import { makeRevokeToken } from './revoke-token.ts';
import { makeRollBack } from './roll-back.ts';
import { makeAbortRollout } from './rollout/abort-rollout.ts';
import { makeChangeRollout } from './rollout/change-rollout.ts';
import { makeFinishRollout } from './rollout/finish-rollout.ts';
import { makeShowRollout } from './rollout/show-rollout.ts';
import { makeUndoAbort } from './rollout/undo-abort.ts';
import { makeRotateToken } from './rotate-token.ts';
import { makeApplyFile } from './settings/apply-file.ts';
import { makeApproveSettings } from './settings/approve-settings.ts';
import { makeCancelSettings } from './settings/cancel-settings.ts';
import { makeChangeVariables } from './settings/change-variables.ts';
import { makeExpireSettings } from './settings/expire-settings.ts';
import { makeProposeSettings } from './settings/propose-settings.ts';
import { makeRejectSettings } from './settings/reject-settings.ts';
import { makeRollBackSettings } from './settings/roll-back-settings.ts';
import { makeListSettingsProposals, makeListSettingsRevisions, makeShowSettingsLayer } from './settings/show-layer.ts';
import { makeShowSettingsProposal } from './settings/show-proposal.ts';
import { makeCompareSettings, makeShowSettings } from './settings/show-settings.ts';
import { makeShowWorkflowSettings } from './settings/show-workflow-settings.ts';
import { makeStartSettingsChange } from './settings/start-settings-change.ts';
import { makeShowHistory } from './show-history.ts';
import { makeShowHome } from './show-home.ts';
import {
  makeListPromotions,
  makeShowDeploymentReceipt,
  makeShowPromotion,
  makeShowRollbackReceipt,
} from './show-promotion.ts';
import { makeShowSource } from './show-source.ts';
import { makeShowStatus } from './show-status.ts';
import { makeShowLive, makeShowVersion } from './show-version.ts';
import { makeSuiteUseCases } from './suite/make-suite-use-cases.ts';
import { makePostSuiteRun } from './suite/post-suite-run.ts';
import { makeUndoRollback } from './undo-rollback.ts';
import type { UseCases } from './use-cases.ts';

/** Everything that can be done, on the given ports. */
export function makeUseCases(ports: AllPorts, secrets: Secrets, runners: Runners = NO_RUNNERS): UseCases {
  return {
    pushVersion: makePushVersion(ports),
    deployVersion: makeDeployVersion(ports),
    requestPromotion: makeRequestPromotion(ports),
    approvePromotion: makeApprovePromotion(ports),
    rejectPromotion: makeRejectPromotion(ports),
    cancelPromotion: makeCancelPromotion(ports),
    expirePromotions: makeExpirePromotions(ports),
    rollBack: makeRollBack(ports),
    previewPromotion: makePreviewPromotion(ports),
    previewRollback: makePreviewRollback(ports),
    undoRollback: makeUndoRollback(ports),
    showRollout: makeShowRollout(ports),
    changeRollout: makeChangeRollout(ports),
    finishRollout: makeFinishRollout(ports),
    abortRollout: makeAbortRollout(ports),
    undoAbort: makeUndoAbort(ports),
    ...makeHoldUseCases(ports),
    ...makeCheckUseCases(ports),
    ...makeSuiteUseCases(ports),
    postSuiteRun: makePostSuiteRun(ports),
    liftQuarantine: makeLiftQuarantine(ports),
    labelVersion: makeLabelVersion(ports),
    assignRole: makeAssignRole(ports),
    changeWorkflow: makeChangeWorkflow(ports),
    showStatus: makeShowStatus(ports),
    showHistory: makeShowHistory(ports),
    compareVersions: makeCompareVersions(ports),
    comparePromotion: makeComparePromotion(ports),
    compareContents: makeCompareContents(ports),
    showWideDiff: makeShowWideDiff(ports),
    showSettings: makeShowSettings(ports),
    compareSettings: makeCompareSettings(ports),
    startSettingsChange: makeStartSettingsChange(ports),
    changeVariables: makeChangeVariables(ports),
    proposeSettings: makeProposeSettings(ports),
    rollBackSettings: makeRollBackSettings(ports),
    approveSettings: makeApproveSettings(ports),
    rejectSettings: makeRejectSettings(ports),
    cancelSettings: makeCancelSettings(ports),
    expireSettings: makeExpireSettings(ports),
    applyFile: makeApplyFile(ports),
    showSettingsProposal: makeShowSettingsProposal(ports),
    showWorkflowSettings: makeShowWorkflowSettings(ports),
    showSettingsLayer: makeShowSettingsLayer(ports),
    listSettingsRevisions: makeListSettingsRevisions(ports),
    listSettingsProposals: makeListSettingsProposals(ports),
    showPromotion: makeShowPromotion(ports),
    listPromotions: makeListPromotions(ports),
    showDeploymentReceipt: makeShowDeploymentReceipt(ports),
    showRollbackReceipt: makeShowRollbackReceipt(ports),
    showHome: makeShowHome(ports),
    listRoles: makeListRoles(ports),
    listDepartments: makeListDepartments(ports),
    showVersion: makeShowVersion(ports),
    showSource: makeShowSource(ports),
    readSecret: makeReadSecret(ports, secrets),
    executeWorkflow: makeExecuteWorkflow(ports, secrets, runners),
    takeWork: makeTakeWork(ports),
    answerWork: makeAnswerWork(ports),
    testFile: makeTestFile(ports, secrets, runners),
    registerAgent: makeRegisterAgent(ports),
    listAgents: makeListAgents(ports),
    showLive: makeShowLive(ports),
    listAudit: makeListAudit(ports),
    createToken: makeCreateToken(ports),
    rotateToken: makeRotateToken(ports),
    revokeToken: makeRevokeToken(ports),
    listTokens: makeListTokens(ports),
    findToken: makeFindToken(ports),
    recordTokenUses: makeRecordTokenUses(ports),
    startLogin: makeStartLogin(ports),
    findLogin: makeFindLogin(ports),
    confirmLogin: makeConfirmLogin(ports),
    refuseLogin: makeRefuseLogin(ports),
    collectLogin: makeCollectLogin(ports),
    endLogin: makeEndLogin(ports),
    whoAmI: makeWhoAmI(ports),
    recordRuns: makeRecordRuns(ports),
    listRuns: makeListRuns(ports),
    summarizeRuns: makeSummarizeRuns(ports),
    listWebhookDeliveries: makeListWebhookDeliveries(ports),
    redeliverWebhook: makeRedeliverWebhook(ports),
    recordProfiles: makeRecordProfiles(ports),
  };
}
