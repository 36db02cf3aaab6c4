"""What carries a text on from one value to the next, and what ends its way."""

from __future__ import annotations

from apim_policy.csharp.pieces import Kind

DICTIONARIES = {
    ("Request", "Headers"): Kind.HEADER,
    ("Request", "Url", "Query"): Kind.QUERY,
    ("Request", "OriginalUrl", "Query"): Kind.QUERY,
    ("Request", "MatchedParameters"): Kind.PARAMETER,
    ("Response", "Headers"): Kind.RESPONSE_HEADER,
    ("Variables",): Kind.VARIABLE,
}
"""What ``context`` holds under keys, by the names after ``context``."""
VALUES = {
    ("Request", "Body"): (Kind.BODY, None),
    ("Request", "Url", "Path"): (Kind.PATH, "Path"),
    ("Request", "OriginalUrl", "Path"): (Kind.PATH, "Path"),
    ("Request", "Url", "QueryString"): (Kind.PATH, "QueryString"),
    ("Request", "OriginalUrl", "QueryString"): (Kind.PATH, "QueryString"),
    ("Response", "Body"): (Kind.RESPONSE, None),
    ("LastError",): (Kind.ERROR, None),
    ("LastError", "Message"): (Kind.ERROR, "Message"),
    ("Subscription", "Key"): (Kind.KEY, "Key"),
    ("Subscription", "PrimaryKey"): (Kind.KEY, "PrimaryKey"),
    ("Subscription", "SecondaryKey"): (Kind.KEY, "SecondaryKey"),
}
"""Single values of ``context``, by the names after ``context``, and what they are called."""
URLS = frozenset({("Request", "Url"), ("Request", "OriginalUrl")})
"""URLs as a whole; the gateway, not the caller, decides how they begin."""
LOOKUPS = frozenset({"GetValueOrDefault", "TryGetValue"})
"""Methods that look under a key."""
KEEPING = frozenset(
    [
        "ToString",
        "Trim",
        "TrimEnd",
        "TrimStart",
        "ToLower",
        "ToUpper",
        "ToLowerInvariant",
        "ToUpperInvariant",
        "Normalize",
        "First",
        "FirstOrDefault",
        "Last",
        "LastOrDefault",
        "Single",
        "SingleOrDefault",
        "As",
        "ToList",
        "ToArray",
        "AsEnumerable",
    ]
)
"""Methods that leave a text as it is, or nearly."""
ENDING = frozenset(
    [
        "Equals",
        "StartsWith",
        "EndsWith",
        "Contains",
        "ContainsKey",
        "IsNullOrEmpty",
        "IsNullOrWhiteSpace",
        "IndexOf",
        "LastIndexOf",
        "Compare",
        "CompareTo",
        "CompareOrdinal",
        "GetHashCode",
        "GetType",
        "Any",
        "All",
        "Count",
        "IsMatch",
        "TryParse",
        "TryParseExact",
        "ComputeHash",
        "HashData",
        "Exists",
        "ToInt16",
        "ToInt32",
        "ToInt64",
        "ToDouble",
        "ToDecimal",
        "ToBoolean",
        "ToDateTime",
        "AsJwt",
        "TryParseJwt",
        "VerifyNoRevocation",
        "Verify",
        "IsWellFormedUriString",
        "Max",
        "Min",
        "Sum",
        "NewGuid",
        "AddSeconds",
        "AddMinutes",
        "AddHours",
        "AddDays",
        "AddMonths",
        "AddYears",
        "AddMilliseconds",
        "FromSeconds",
        "FromMinutes",
        "FromHours",
        "FromDays",
        "FromMilliseconds",
    ]
)
"""Methods that answer about a text, or make a number, a date or an identity of it, which cannot carry it on."""
ENCODING = frozenset(
    [
        "EscapeDataString",
        "UrlEncode",
        "UrlEncodeToBytes",
        "HtmlEncode",
        "HtmlAttributeEncode",
        "Escape",
        "SerializeObject",
        "SerializeXmlNode",
        "SerializeXNode",
        "FromObject",
        "ToBase64String",
        "JavaScriptStringEncode",
    ]
)
"""Methods that make their argument safe to stand in a URL or a document."""
FIELDS = frozenset({"Value", "SelectToken", "GetValue", "Property", *LOOKUPS})
"""Methods that take a field out of their target, which their first argument names."""
COMPARING = frozenset(
    [
        "Equals",
        "StartsWith",
        "EndsWith",
        "Contains",
        "ContainsKey",
        "IndexOf",
        "Compare",
        "IsMatch",
        "Match",
        "Exists",
    ]
)
"""Methods that compare."""
PARSED = frozenset({"JObject", "JToken", "JArray", "XElement", "XDocument"})
"""Types whose ``Parse`` keeps the texts of what it reads."""
BUILDERS = frozenset(
    [
        "JObject",
        "JProperty",
        "JArray",
        "JValue",
        "JToken",
        "JRaw",
        "XElement",
        "XAttribute",
        "XText",
        "XDocument",
        "XCData",
        "Dictionary",
    ]
)
"""Types that write what they are made from as values of a document."""
WRAPPERS = frozenset({"Uri", "UriBuilder", "StringBuilder"})
"""Types whose values are the text that they are made from."""
ENDING_TYPES = frozenset(
    [
        "bool",
        "byte",
        "short",
        "int",
        "long",
        "float",
        "double",
        "decimal",
        "Guid",
        "DateTime",
        "DateTimeOffset",
        "TimeSpan",
        "Boolean",
        "Int32",
        "Int64",
        "Double",
        "Decimal",
    ]
)
"""Types whose values cannot carry a text on."""
ENDING_MEMBERS = frozenset(["Length", "Count", "HasValue", "StatusCode", "Keys", "Key"])
"""Members that tell of a value without being a part of it."""
CALLED_IN_PLACE = frozenset({"Add", "AddFirst", "Append", "AppendLine", "AppendFormat"})
"""Methods that put their argument at the end of their target, or into it."""
STRINGS = frozenset({"string_literal", "verbatim_string_literal", "raw_string_literal", "character_literal"})
"""Nodes of literals."""
CREATIONS = frozenset(
    {
        "object_creation_expression",
        "implicit_object_creation_expression",
        "anonymous_object_creation_expression",
        "array_creation_expression",
        "implicit_array_creation_expression",
        "initializer_expression",
        "tuple_expression",
        "collection_expression",
    }
)
"""Nodes of new objects."""
TRANSPARENT = frozenset(
    {"parenthesized_expression", "postfix_unary_expression", "await_expression", "argument"}
)
"""Nodes whose value is that of what they hold."""
SCHEMES = frozenset({"", "/", "//", "?", "http", "https", "http:", "https:", "http://", "https://"})
"""Texts that are in so many URLs that a comparison with them tells nothing."""
QUOTES = frozenset("\"'<>&")
"""Characters that end a value in a document."""
