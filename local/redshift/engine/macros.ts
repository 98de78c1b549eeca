/**
 * Redshift's functions and casts that the engine lacks or reads in another way, as macros of its SQL in the schema
 * `rs`. Made anew at every start.
 */
export const MACROS: readonly string[] = [
  // the engine answers null where Redshift fails
  `divisor(value) as case when value = 0 then error('ERROR: Divide by zero') else value end`,
  `root(value) as case when value < 0 then error('ERROR: cannot take square root of a negative number') else sqrt(value) end`,
  `natural_log(value) as case when value <= 0 then error('ERROR: cannot take logarithm of a number that is not positive') else ln(value) end`,
  `decimal_log(value) as case when value <= 0 then error('ERROR: cannot take logarithm of a number that is not positive') else log10(value) end`,

  // a mean of decimals, cut at their scale: computed in whole numbers of its unit
  `mean(total, number, unit, units) as cast(cast(total * units as hugeint) // number as decimal(38, 0)) * unit`,

  `trunc_to(value, digits) as case when value is null then null else cast(trunc(value * power(10::decimal(38, 0), digits)) / power(10, digits) as double) end`,
  `round_float(value, digits) as round(value, digits)`,
  `trunc_float(value, digits) as trunc(value * power(10.0::double, digits)) / power(10.0::double, digits)`,
  `float_text(value) as regexp_replace(cast(value as varchar), '\\.0$', '')`,
  `width_bucket(value, low, high, buckets) as cast(case when value < low then 0 when value >= high then buckets + 1
     else floor((value - low) / (high - low) * buckets) + 1 end as integer)`,

  // whether a byte, counted from 1, is inside of a character of UTF-8
  `within(text, byte) as encode(text)[byte:byte] between '\\x80'::blob and '\\xBF'::blob`,
  // an explicit cast to a character type cuts at its byte width, at a character's end
  `cut(text, bytes) as case when strlen(text) <= bytes then text
     else decode(encode(text)[1:case when not rs.within(text, bytes + 1) then bytes
       when not rs.within(text, bytes) then bytes - 1
       when not rs.within(text, bytes - 1) then bytes - 2 else bytes - 3 end]) end`,
  // a value that is stored must fit, but for blanks behind it
  `fit(text, bytes, type) as case when text is null or strlen(text) <= bytes then text
     when strlen(rtrim(text)) <= bytes then rs.cut(text, bytes)
     else error('ERROR: Value too long for character type' || chr(10) || 'DETAIL: value too long for type ' || type) end`,
  `substring(text, start, length) as case when start + length <= 1 then '' when start < 1 then substring(text, 1, start + length - 1)
     else substring(text, start, length) end, (text, start) as substring(text, greatest(start, 1))`,
  `sub_bytes(value, start, length) as value[greatest(start, 1):cast(least(cast(start as bigint) + length - 1, 2147483647) as integer)]`,
  `octetindex(part, text) as case when strpos(text, part) = 0 then 0 else cast(strlen(left(text, strpos(text, part) - 1)) + 1 as integer) end`,
  `split_part(text, delimiter, part) as case when part < 1 then error('ERROR: field position must be greater than zero')
     else split_part(text, delimiter, cast(part as bigint)) end`,
  `lpad(text, length, fill) as case when length < 1 then '' when fill = '' then left(text, length) else lpad(text, cast(length as integer), fill) end`,
  `rpad(text, length, fill) as case when length < 1 then '' when fill = '' then left(text, length) else rpad(text, cast(length as integer), fill) end`,
  `text_compare(one, two) as case when one < two then -1 when one > two then 1 when one = two then 0 end`,
  `listed(text) as case when strlen(text) > 65535 then error('ERROR: Result size exceeds LISTAGG limit') else text end`,

  // texts as values of other types
  `whole(text) as case when text is null or regexp_full_match(text, '\\s*[+-]?\\d+\\s*') then trim(text)
     else error('ERROR: invalid input syntax for integer: "' || text || '"') end`,
  `try_whole(text) as case when regexp_full_match(text, '\\s*[+-]?\\d+\\s*') then trim(text) end`,
  `try_bool_of(text) as case when lower(trim(text)) in ('t', 'true', 'y', 'yes', '1', 'on') then true
     when lower(trim(text)) in ('f', 'false', 'n', 'no', '0', 'off') then false end`,
  `bool_of(text) as case when text is null or rs.try_bool_of(text) is not null then rs.try_bool_of(text)
     else error('ERROR: invalid input syntax for type boolean: "' || text || '"') end`,
  ...["date", "timestamp", "timestamptz", "time", "timetz"].flatMap((type) => [
    `try_${type}_of(text) as coalesce(try_cast(case when regexp_full_match(text, '\\s*\\d{4}-\\d{2}-\\d{2}([ T].*)?\\s*') then text end as ${type}),
       try_cast(rs_parse_time(text, '${type}') as ${type}))`,
    `${type}_of(text) as case when text is null or rs.try_${type}_of(text) is not null then rs.try_${type}_of(text)
       else error('ERROR: invalid input syntax for type ${type}: "' || text || '"') end`,
  ]),

  // dates and times
  `date_trunc(part, value) as case when value is null then null else date_trunc(part, value) end`,
  `add_years(value, years) as case when month(value) = 2 and day(value) = 29 and day(last_day(value + to_years(years))) = 28
     then value + to_years(years) + interval 1 day else value + to_years(years) end`,
  `add_months(value, months) as case when day(value) = day(last_day(value))
     then cast(last_day(date_trunc('month', value) + to_months(months)) as timestamp) + (value - date_trunc('day', value))
     else value + to_months(months) end`,
  `months_between(one, two) as case when day(one) = day(two) or (day(one) = day(last_day(one)) and day(two) = day(last_day(two)))
     then cast(datediff('month', two, one) as double)
     else datediff('month', two, one) + (epoch(one - date_trunc('month', one)) - epoch(two - date_trunc('month', two))) / (31 * 86400.0) end`,
  `next_day(value, weekday) as value + cast((weekday - dayofweek(value) + 6) % 7 + 1 as integer)`,
  `add_time(value, span) as value + span`,
  `add_timetz(value, span) as cast(cast(cast((date '2000-01-01' + value) as timestamp) + span as time) as timetz)`,
  // a zone without a name: hours and minutes west of UTC, as POSIX counts them
  `zone_offset(zone) as case when regexp_full_match(zone, '[A-Za-z_/]*\\s*[+-]\\d{1,2}(:\\d{2})?')
     then (case when contains(zone, '-') then 1 else -1 end) * (cast(regexp_extract(zone, '[+-](\\d{1,2})', 1) as bigint) * 60
       + coalesce(try_cast(regexp_extract(zone, ':(\\d{2})', 1) as bigint), 0)) end`,
  `zone_name(zone) as coalesce(map {'EST': 'Etc/GMT+5', 'EDT': 'Etc/GMT+4', 'CST': 'Etc/GMT+6', 'CDT': 'Etc/GMT+5', 'MST': 'Etc/GMT+7',
     'MDT': 'Etc/GMT+6', 'PST': 'Etc/GMT+8', 'PDT': 'Etc/GMT+7', 'BST': 'Etc/GMT-1', 'CET': 'Etc/GMT-1', 'CEST': 'Etc/GMT-2',
     'EET': 'Etc/GMT-2', 'EEST': 'Etc/GMT-3', 'JST': 'Etc/GMT-9', 'GMT': 'UTC', 'Z': 'UTC'}[upper(zone)], zone)`,
  `to_zone(value, zone) as case when zone = 'UTC' then timezone('UTC', value)
     when contains(zone, '/') and not contains(zone, '-') and not contains(zone, '+') then timezone(zone, value)
     when rs.zone_offset(zone) is null then timezone(rs.zone_name(zone), value)
     else timezone('UTC', value) + to_minutes(rs.zone_offset(zone)) end`,
  `from_zone(value, zone) as case when zone = 'UTC' then timezone('UTC', value)
     when contains(zone, '/') and not contains(zone, '-') and not contains(zone, '+') then timezone(zone, value)
     when rs.zone_offset(zone) is null then timezone(rs.zone_name(zone), value)
     else timezone('UTC', value - to_minutes(rs.zone_offset(zone))) end`,
  // millions of times are in the zone they are asked for
  `convert_zone(value, source, target) as case when source = target then value else rs.to_zone(rs.from_zone(value, source), target) end`,

  // SUPER: what is no scalar has no text; a value of another type is null
  `super_text(value) as case when json_type(value) in ('NULL', 'OBJECT', 'ARRAY') then null else json_extract_string(value, '$') end`,
  `super_string(value) as case when json_type(value) = 'VARCHAR' then json_extract_string(value, '$') end`,
  `super_number(value) as case when json_type(value) in ('BIGINT', 'UBIGINT', 'DOUBLE') then try_cast(json_extract_string(value, '$') as double) end`,
  `super_whole(value) as case when json_type(value) in ('BIGINT', 'UBIGINT') then cast(json_extract_string(value, '$') as hugeint) end`,
  `super_bool(value) as case when json_type(value) = 'BOOLEAN' then json_extract_string(value, '$') = 'true' end`,
  `super_equal(one, two) as case when json_type(one) in ('BIGINT', 'UBIGINT', 'DOUBLE') and json_type(two) in ('BIGINT', 'UBIGINT', 'DOUBLE')
     then rs.super_number(one) = rs.super_number(two) else cast(one as varchar) = cast(two as varchar) end`,
  `super_compare(one, two) as case when rs.super_number(one) is not null and rs.super_number(two) is not null
     then sign(rs.super_number(one) - rs.super_number(two))
     when rs.super_string(one) is not null and rs.super_string(two) is not null
     then rs.text_compare(rs.super_string(one), rs.super_string(two)) end`,
  `json_typeof(value) as case json_type(value)
     when 'NULL' then 'null' when 'OBJECT' then 'object' when 'ARRAY' then 'array'
     when 'BOOLEAN' then 'boolean' when 'VARCHAR' then 'string' else case when value is not null then 'number' end end`,
  `super_items(value) as case when json_type(value) = 'ARRAY' then cast(value as json[]) end`,
  `super_keys(value) as case when json_type(value) = 'OBJECT' then json_keys(value) end`,
  `json_step(key) as '/' || replace(replace(key, '~', '~0'), '/', '~1')`,
  `super_member(value, key) as json_extract(value, rs.json_step(key))`,
  `json_parse(text) as case when text is null or json_valid(text) then json(text)
     else error('ERROR: JSON parsing error: ' || left(text, 100)) end`,

  // texts that hold JSON
  `json_path_text(text, path, lenient) as case when json_valid(text) then json_extract_string(text, path)
     when lenient or text is null then null else error('ERROR: JSON parsing error: ' || left(text, 100)) end`,
];
