using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace CustomerSegmentation.Storage.Postgres.Connections;

/// <summary>Positional parameters and columns. Text from outside travels as the bytes of its UTF-8.</summary>
internal static class Parameters
{
    public static NpgsqlCommand Bind<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static NpgsqlCommand BindNullable(this NpgsqlCommand command, NpgsqlDbType type, object? value)
    {
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        return command;
    }

    public static NpgsqlBatchCommand Bind<T>(this NpgsqlBatchCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static byte[]? BytesOrNull(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    public static string Utf8(this NpgsqlDataReader reader, int column) => Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(column));

    public static string? Utf8OrNull(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.Utf8(column);

    public static long Int64OrZero(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? 0 : reader.GetInt64(column);

    public static async Task<List<T>> ListAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken = default)
    {
        var list = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            list.Add(read(reader));
        }

        return list;
    }

    /// <summary>The first column of the first row.</summary>
    public static async Task<T> ScalarAsync<T>(this NpgsqlCommand command, CancellationToken cancellationToken = default) =>
        (T)(await command.ExecuteScalarAsync(cancellationToken))!;
}
