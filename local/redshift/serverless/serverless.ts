import { randomUUID } from "node:crypto";
import { AwsError, arn } from "../../service/aws";
import type { Store } from "../../service/store";
import { newPassword, type Secrets } from "./secrets";
import type { Namespace, ServerlessState, Workgroup } from "./state";

/** What CreateNamespace and UpdateNamespace take. */
export interface NamespaceInput {
  readonly namespaceName: string;
  readonly adminUsername?: string;
  readonly adminUserPassword?: string;
  readonly adminPasswordSecretKmsKeyId?: string;
  readonly manageAdminPassword?: boolean;
  readonly dbName?: string;
  readonly defaultIamRoleArn?: string;
  readonly iamRoles?: readonly string[];
  readonly kmsKeyId?: string;
  readonly logExports?: readonly string[];
  readonly tags?: readonly Tag[];
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** What the control plane keeps, and how it changes. Every change is on disk before it is answered. */
export class Serverless {
  constructor(
    readonly store: Store<ServerlessState>,
    readonly secrets: Secrets,
  ) {}

  namespace(name: string): Namespace | undefined {
    return this.store.state.namespaces[name];
  }
  workgroup(name: string): Workgroup | undefined {
    return this.store.state.workgroups[name];
  }
  workgroupByArn(workgroupArn: string): Workgroup | undefined {
    return Object.values(this.store.state.workgroups).find(
      (workgroup) => workgroup.workgroupArn === workgroupArn,
    );
  }

  mustNamespace(name: string): Namespace {
    const namespace = this.namespace(name);
    if (namespace === undefined) throw notFound(`Namespace ${name} was not found.`);
    return namespace;
  }
  mustWorkgroup(name: string): Workgroup {
    const workgroup = this.workgroup(name);
    if (workgroup === undefined) throw notFound(`Workgroup ${name} was not found.`);
    return workgroup;
  }

  async createNamespace(input: NamespaceInput): Promise<Namespace> {
    const name = validName(input.namespaceName);
    const { namespaces } = this.store.state;
    if (namespaces[name] !== undefined) throw conflict(`Namespace ${name} already exists.`);
    const [other] = Object.keys(namespaces);
    if (other !== undefined)
      throw new AwsError(
        "ValidationException",
        `The local warehouse holds one namespace, and it is ${other}.`,
      );
    const id = randomUUID();
    const namespace: Namespace = {
      namespaceName: name,
      namespaceId: id,
      namespaceArn: arn("redshift-serverless", `namespace/${id}`),
      dbName: input.dbName ?? "dev",
      creationDate: new Date().toISOString(),
      status: "AVAILABLE",
      adminUsername: input.adminUsername ?? "admin",
      iamRoles: [],
      kmsKeyId: "AWS_OWNED_KMS_KEY",
      logExports: [],
    };
    await this.#change(namespace, input);
    namespaces[name] = namespace;
    this.tag(namespace.namespaceArn, input.tags ?? []);
    this.store.save();
    return namespace;
  }

  async updateNamespace(input: NamespaceInput): Promise<Namespace> {
    const namespace = this.mustNamespace(input.namespaceName);
    await this.#change(namespace, input);
    this.store.save();
    return namespace;
  }

  async #change(namespace: Namespace, input: NamespaceInput): Promise<void> {
    if (input.manageAdminPassword === true && input.adminUserPassword !== undefined)
      throw new AwsError(
        "ValidationException",
        "manageAdminPassword and adminUserPassword exclude each other",
      );
    if (input.adminUsername !== undefined) namespace.adminUsername = input.adminUsername;
    if (input.iamRoles !== undefined) namespace.iamRoles = input.iamRoles.map(roleArn);
    if (input.defaultIamRoleArn !== undefined) {
      if (input.defaultIamRoleArn === "") delete namespace.defaultIamRoleArn;
      else namespace.defaultIamRoleArn = input.defaultIamRoleArn;
    }
    if (input.kmsKeyId !== undefined) namespace.kmsKeyId = input.kmsKeyId;
    if (input.logExports !== undefined) namespace.logExports = [...input.logExports];
    if (input.adminPasswordSecretKmsKeyId !== undefined)
      namespace.adminPasswordSecretKmsKeyId = input.adminPasswordSecretKmsKeyId;
    if (input.manageAdminPassword === true && namespace.adminPasswordSecretArn === undefined)
      namespace.adminPasswordSecretArn = await this.secrets.create(
        `redshift!${namespace.namespaceName}-${namespace.adminUsername}`,
        { username: namespace.adminUsername, password: newPassword() },
        input.adminPasswordSecretKmsKeyId,
      );
    if (input.manageAdminPassword === false || input.adminUserPassword !== undefined)
      await this.#dropSecret(namespace);
  }

  async #dropSecret(namespace: Namespace): Promise<void> {
    if (namespace.adminPasswordSecretArn === undefined) return;
    await this.secrets.delete(namespace.adminPasswordSecretArn);
    delete namespace.adminPasswordSecretArn;
  }

  async deleteNamespace(name: string): Promise<Namespace> {
    const namespace = this.mustNamespace(name);
    const used = Object.values(this.store.state.workgroups).find(
      (workgroup) => workgroup.namespaceName === name,
    );
    if (used !== undefined) throw conflict(`Namespace ${name} is used by workgroup ${used.workgroupName}.`);
    await this.#dropSecret(namespace);
    delete this.store.state.namespaces[name];
    delete this.store.state.tags[namespace.namespaceArn];
    this.store.save();
    return namespace;
  }

  tag(resourceArn: string, tags: readonly Tag[]): void {
    const kept = this.store.state.tags[resourceArn] ?? {};
    for (const { key, value } of tags) kept[key] = value;
    this.store.state.tags[resourceArn] = kept;
  }
}

/** Namespaces are created with plain ARNs, or as the provider may send them back: `IamRole(iamRoleArn=…)`. */
function roleArn(role: string): string {
  return /iamRoleArn=([^,)]+)/.exec(role)?.[1] ?? role;
}

/** @throws when a name is not one of Redshift Serverless. */
export function validName(name: string): string {
  if (!/^[a-z0-9-]{3,64}$/.test(name))
    throw new AwsError("ValidationException", `A name has 3 to 64 of a-z, 0-9 and -, got ${name}`);
  return name;
}

export function notFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message);
}

export function conflict(message: string): AwsError {
  return new AwsError("ConflictException", message);
}
