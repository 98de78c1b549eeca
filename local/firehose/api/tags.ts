import type * as api from "@aws-sdk/client-firehose";
import { AwsError } from "../../service/aws";
import { Constraints } from "../../service/constraints";
import type { Store } from "../../service/store";
import { findStream, type Named } from "./control";
import type { FirehoseState, Wire } from "./types";

const MAX_TAGS = 50;

/** The operations on streams' tags. Every change is saved before it is answered. */
export function tagOperations(store: Store<FirehoseState>) {
  return {
    TagDeliveryStream(input: Wire<api.TagDeliveryStreamInput>): Wire<api.TagDeliveryStreamOutput> {
      new Constraints().present("tags", input.Tags).enforce();
      const stream = findStream(store.state, input as Named);
      const tags = { ...stream.tags, ...checkTags(input.Tags) };
      if (Object.keys(tags).length > MAX_TAGS)
        throw new AwsError("LimitExceededException", `A Firehose stream can have up to ${MAX_TAGS} tags`);
      stream.tags = tags;
      store.save();
      return {};
    },

    UntagDeliveryStream(input: Wire<api.UntagDeliveryStreamInput>): Wire<api.UntagDeliveryStreamOutput> {
      new Constraints()
        .present("tagKeys", input.TagKeys)
        .optionalList("tagKeys", input.TagKeys, 1, MAX_TAGS)
        .enforce();
      const stream = findStream(store.state, input as Named);
      for (const key of input.TagKeys ?? []) delete stream.tags[key];
      store.save();
      return {};
    },

    ListTagsForDeliveryStream(
      input: Wire<api.ListTagsForDeliveryStreamInput>,
    ): Wire<api.ListTagsForDeliveryStreamOutput> {
      new Constraints().optionalInteger("limit", input.Limit, 1, MAX_TAGS).enforce();
      const { ExclusiveStartTagKey: start = "", Limit = MAX_TAGS } = input;
      const rest = Object.entries(findStream(store.state, input as Named).tags)
        .filter(([key]) => key > start)
        .sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        Tags: rest.slice(0, Limit).map(([Key, Value]) => ({ Key, Value })),
        HasMoreTags: rest.length > Limit,
      };
    },
  };
}

/** Tags by key. @throws AwsError ValidationException. */
export function checkTags(tags: Wire<api.Tag>[] | undefined): Record<string, string> {
  const constraints = new Constraints().optionalList("tags", tags, 1, MAX_TAGS);
  for (const [index, tag] of (tags ?? []).entries())
    constraints
      .text(`tags.${index + 1}.member.key`, tag.Key, { min: 1, max: 128 })
      .optionalText(`tags.${index + 1}.member.value`, tag.Value, { max: 256 });
  constraints.enforce();
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [String(Key), Value ?? ""]));
}
