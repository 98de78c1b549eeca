/**
 * Which action S3 asks for: `<method> <subresource>` → action. Uploads in parts are `PutObject`, and what has no
 * delete of its own is deleted by its put.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
export const BUCKET_ACTIONS: Readonly<Record<string, string>> = {
  DELETE: "DeleteBucket",
  GET: "ListBucket",
  HEAD: "ListBucket",
  PUT: "CreateBucket",
  "GET acl": "GetBucketAcl",
  "GET cors": "GetBucketCORS",
  "GET encryption": "GetEncryptionConfiguration",
  "GET lifecycle": "GetLifecycleConfiguration",
  "GET location": "GetBucketLocation",
  "GET notification": "GetBucketNotification",
  "GET object-lock": "GetBucketObjectLockConfiguration",
  "GET ownershipControls": "GetBucketOwnershipControls",
  "GET policy": "GetBucketPolicy",
  "GET policyStatus": "GetBucketPolicyStatus",
  "GET publicAccessBlock": "GetBucketPublicAccessBlock",
  "GET tagging": "GetBucketTagging",
  "GET uploads": "ListBucketMultipartUploads",
  "GET versioning": "GetBucketVersioning",
  "GET versions": "ListBucketVersions",
  "POST delete": "DeleteObject",
  "PUT encryption": "PutEncryptionConfiguration",
  "PUT lifecycle": "PutLifecycleConfiguration",
  "PUT notification": "PutBucketNotification",
  "PUT policy": "PutBucketPolicy",
  "PUT tagging": "PutBucketTagging",
  "PUT versioning": "PutBucketVersioning",
};

/** As {@link BUCKET_ACTIONS}, on an object. */
export const OBJECT_ACTIONS: Readonly<Record<string, string>> = {
  DELETE: "DeleteObject",
  GET: "GetObject",
  HEAD: "GetObject",
  PUT: "PutObject",
  "DELETE tagging": "DeleteObjectTagging",
  "DELETE uploadId": "AbortMultipartUpload",
  "GET acl": "GetObjectAcl",
  "GET legal-hold": "GetObjectLegalHold",
  "GET retention": "GetObjectRetention",
  "GET tagging": "GetObjectTagging",
  "GET uploadId": "ListMultipartUploadParts",
  "POST restore": "RestoreObject",
  "POST select": "GetObject",
  "POST uploadId": "PutObject",
  "POST uploads": "PutObject",
  "PUT acl": "PutObjectAcl",
  "PUT legal-hold": "PutObjectLegalHold",
  "PUT retention": "PutObjectRetention",
  "PUT tagging": "PutObjectTagging",
  "PUT uploadId": "PutObject",
};

/** Actions on an object that are others when a version is named. */
export const VERSIONED: Readonly<Record<string, string>> = {
  DeleteObject: "DeleteObjectVersion",
  DeleteObjectTagging: "DeleteObjectVersionTagging",
  GetObject: "GetObjectVersion",
  GetObjectAcl: "GetObjectVersionAcl",
  GetObjectTagging: "GetObjectVersionTagging",
  PutObjectAcl: "PutObjectVersionAcl",
  PutObjectTagging: "PutObjectVersionTagging",
};

/** Parameters that name no subresource. */
export const PLAIN_PARAMETERS: ReadonlySet<string> = new Set([
  "bucket-region",
  "continuation-token",
  "delimiter",
  "encoding-type",
  "fetch-owner",
  "key-marker",
  "list-type",
  "marker",
  "max-buckets",
  "max-keys",
  "max-parts",
  "max-uploads",
  "part-number-marker",
  "partNumber",
  "prefix",
  "select-type",
  "start-after",
  "upload-id-marker",
  "version-id-marker",
  "versionId",
  "x-id",
]);
