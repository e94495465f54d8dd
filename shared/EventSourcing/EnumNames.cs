using System.Text.Json;
using Marten;
using Marten.Schema;
using Microsoft.AspNetCore.Builder;

namespace CallCenter.EventSourcing;

/// <summary>Documents of a time when a service stored its enums as numbers.</summary>
public static class EnumNames
{
    /// <summary>
    /// Numbers in this member become names when the service starts, so that queries by it find the old documents too. Where none is
    /// left it does nothing. A member that is only read needs no such step: numbers are still read, and the next write names them.
    /// </summary>
    public static void RenameNumbers<TDocument, TEnum>(this WebApplicationBuilder builder, string member) where TEnum : struct, Enum =>
        builder.Services.InitializeMartenWith(new Renaming<TDocument, TEnum>(member));

    private sealed class Renaming<TDocument, TEnum>(string member) : IInitialData where TEnum : struct, Enum
    {
        public async Task Populate(IDocumentStore store, CancellationToken cancellation)
        {
            var table = store.Options.FindOrResolveDocumentType(typeof(TDocument)).TableName.QualifiedName;
            var names = Enum.GetValues<TEnum>().ToDictionary(value => value.ToString("D"), value => value.ToString());

            await using var session = store.LightweightSession();
            session.QueueSqlCommand(
                $"""
                update {table} set data = jsonb_set(data, array['{member}'], ?::jsonb -> (data ->> '{member}'))
                where jsonb_typeof(data -> '{member}') = 'number'
                """, JsonSerializer.Serialize(names));
            await session.SaveChangesAsync(cancellation);
        }
    }
}
