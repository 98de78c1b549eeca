/**
 * The operations of Lambda's API model that are not served here, so that a call of one is told its name: method
 * and path template, as the model writes them.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export const UNSERVED_OPERATIONS: Readonly<Record<string, string>> = {
  AddLayerVersionPermission: "POST /2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
  CheckpointDurableExecution: "POST /2025-12-01/durable-executions/{DurableExecutionArn}/checkpoint",
  CreateCapacityProvider: "POST /2025-11-30/capacity-providers",
  CreateCodeSigningConfig: "POST /2020-04-22/code-signing-configs",
  DeleteCapacityProvider: "DELETE /2025-11-30/capacity-providers/{CapacityProviderName}",
  DeleteCodeSigningConfig: "DELETE /2020-04-22/code-signing-configs/{CodeSigningConfigArn}",
  DeleteFunctionCodeSigningConfig: "DELETE /2020-06-30/functions/{FunctionName}/code-signing-config",
  DeleteProvisionedConcurrencyConfig: "DELETE /2019-09-30/functions/{FunctionName}/provisioned-concurrency",
  DeleteResourcePolicy: "DELETE /2026-07-09/resource-policy/{ResourceArn}",
  GetCapacityProvider: "GET /2025-11-30/capacity-providers/{CapacityProviderName}",
  GetCodeSigningConfig: "GET /2020-04-22/code-signing-configs/{CodeSigningConfigArn}",
  GetDurableExecution: "GET /2025-12-01/durable-executions/{DurableExecutionArn}",
  GetDurableExecutionHistory: "GET /2025-12-01/durable-executions/{DurableExecutionArn}/history",
  GetDurableExecutionState: "GET /2025-12-01/durable-executions/{DurableExecutionArn}/state",
  GetFunctionScalingConfig: "GET /2025-11-30/functions/{FunctionName}/function-scaling-config",
  GetLayerVersionPolicy: "GET /2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy",
  GetResourcePolicy: "GET /2026-07-09/resource-policy/{ResourceArn}",
  InvokeWithResponseStream: "POST /2021-11-15/functions/{FunctionName}/response-streaming-invocations",
  ListCapacityProviders: "GET /2025-11-30/capacity-providers",
  ListCodeSigningConfigs: "GET /2020-04-22/code-signing-configs",
  ListDurableExecutionsByFunction: "GET /2025-12-01/functions/{FunctionName}/durable-executions",
  ListFunctionVersionsByCapacityProvider:
    "GET /2025-11-30/capacity-providers/{CapacityProviderName}/function-versions",
  ListFunctionsByCodeSigningConfig: "GET /2020-04-22/code-signing-configs/{CodeSigningConfigArn}/functions",
  PutFunctionCodeSigningConfig: "PUT /2020-06-30/functions/{FunctionName}/code-signing-config",
  PutFunctionScalingConfig: "PUT /2025-11-30/functions/{FunctionName}/function-scaling-config",
  PutProvisionedConcurrencyConfig: "PUT /2019-09-30/functions/{FunctionName}/provisioned-concurrency",
  PutResourcePolicy: "PUT /2026-07-09/resource-policy/{ResourceArn}",
  PutRuntimeManagementConfig: "PUT /2021-07-20/functions/{FunctionName}/runtime-management-config",
  RemoveLayerVersionPermission:
    "DELETE /2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}",
  SendDurableExecutionCallbackFailure: "POST /2025-12-01/durable-execution-callbacks/{CallbackId}/fail",
  SendDurableExecutionCallbackHeartbeat:
    "POST /2025-12-01/durable-execution-callbacks/{CallbackId}/heartbeat",
  SendDurableExecutionCallbackSuccess: "POST /2025-12-01/durable-execution-callbacks/{CallbackId}/succeed",
  StopDurableExecution: "POST /2025-12-01/durable-executions/{DurableExecutionArn}/stop",
  UpdateCapacityProvider: "PUT /2025-11-30/capacity-providers/{CapacityProviderName}",
  UpdateCodeSigningConfig: "PUT /2020-04-22/code-signing-configs/{CodeSigningConfigArn}",
};
