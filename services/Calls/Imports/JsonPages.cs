using System.Text.Json;

namespace CallCenter.Calls.Imports;

/// <summary>
/// The pages of an API's answers: objects of which one member is the list of rows. Lengths are of what has been read; 0 where it goes on
/// behind that, negative where it is not so.
/// </summary>
/// <param name="member">The list's name.</param>
internal sealed class JsonPages(string member)
{
    private JsonReaderState within;

    /// <summary>Whether the rows of one page are over and those of the next have not begun.</summary>
    public bool IsBetween { get; set; }

    /// <summary>How far a page goes before the rows of its list.</summary>
    public int HeadLength(ReadOnlySpan<byte> page)
    {
        try
        {
            var reader = new Utf8JsonReader(page, isFinalBlock: false, new JsonReaderState(JsonRows.Reading));
            while (reader.Read())
            {
                if (reader is not { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } || !reader.ValueTextEquals(member))
                    continue;
                if (!reader.Read())
                    return 0;
                if (reader.TokenType is not JsonTokenType.StartArray)
                    return -1;

                within = reader.CurrentState;
                return (int)reader.BytesConsumed;
            }

            return reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 0 } ? -1 : 0;
        }
        catch (JsonException)
        {
            return -1;
        }
    }

    /// <summary>How far a page goes from the end of its list.</summary>
    public int TailLength(ReadOnlySpan<byte> rest)
    {
        try
        {
            var reader = new Utf8JsonReader(rest, isFinalBlock: false, within);
            while (reader.Read())
                if (reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 0 })
                    return (int)reader.BytesConsumed;
            return 0;
        }
        catch (JsonException)
        {
            return -1;
        }
    }
}
