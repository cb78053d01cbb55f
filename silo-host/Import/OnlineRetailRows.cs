using System.Collections.Frozen;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>
/// The Online Retail table (UCI Machine Learning Repository): one row an invoice line. Invoices that begin with C are cancellations and become refunds.
/// </summary>
/// <remarks>
/// Every row with a customer, a positive quantity and a positive price counts in the money of its invoice. Postage and carriage (POST, DOT, C2) is
/// shipping, D is a discount, and M, B, S, CRUK, AMAZONFEE and BANK CHARGES are entries without a product. All other codes are products.
/// </remarks>
internal sealed class OnlineRetailRows : IRowInterpreter
{
    private static readonly FrozenDictionary<string, LineRole> Roles = new Dictionary<string, LineRole>
    {
        ["POST"] = LineRole.Shipping,
        ["DOT"] = LineRole.Shipping,
        ["C2"] = LineRole.Shipping,
        ["D"] = LineRole.Discount,
        ["M"] = LineRole.MoneyOnly,
        ["B"] = LineRole.MoneyOnly,
        ["S"] = LineRole.MoneyOnly,
        ["CRUK"] = LineRole.MoneyOnly,
        ["AMAZONFEE"] = LineRole.MoneyOnly,
        ["BANK CHARGES"] = LineRole.MoneyOnly,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly int _invoice;
    private readonly int _stockCode;
    private readonly int _description;
    private readonly int _quantity;
    private readonly int _date;
    private readonly int _price;
    private readonly int _customer;
    private readonly int _country;
    private readonly int _lastRequired;

    /// <param name="header">The table's first record.</param>
    /// <exception cref="CommandFailure">A column is missing; the message lists those that exist.</exception>
    public OnlineRetailRows(IReadOnlyList<string> header)
    {
        _invoice = Find(header, "InvoiceNo", "Invoice");
        _stockCode = Find(header, "StockCode");
        _quantity = Find(header, "Quantity");
        _date = Find(header, "InvoiceDate");
        _price = Find(header, "UnitPrice", "Price");
        _customer = Find(header, "CustomerID", "Customer ID");
        _description = IndexOf(header, "Description");
        _country = IndexOf(header, "Country");
        _lastRequired = new[] { _invoice, _stockCode, _quantity, _date, _price, _customer }.Max();
    }

    public RowVerdict Interpret(IReadOnlyList<string> fields)
    {
        if (fields.Count <= _lastRequired)
        {
            return RowVerdict.Reject(ImportCodes.MissingColumns, $"the line has {fields.Count} columns, {_lastRequired + 1} are needed");
        }

        var customer = Fields.CustomerId(fields[_customer]);
        if (customer is null)
        {
            return RowVerdict.NoCustomer;
        }

        if (customer.Length == 0)
        {
            return RowVerdict.Reject(ImportCodes.InvalidCustomerId, "CustomerID is longer than 200 characters or holds control characters");
        }

        if (Fields.Text(fields[_invoice]) is not { } invoice)
        {
            return RowVerdict.Reject(ImportCodes.MissingOrderId, "InvoiceNo is empty", customer);
        }

        if (TimeFormat.OnlineRetail.Read(fields[_date]) is not { } timeMs)
        {
            return RowVerdict.Reject(ImportCodes.InvalidTimestamp, $"InvoiceDate '{Fields.Text(fields[_date], 60)}' is not a time", customer);
        }

        if (Fields.Number(fields[_quantity]) is not { } quantity)
        {
            return RowVerdict.Reject(ImportCodes.InvalidNumber, $"Quantity '{Fields.Text(fields[_quantity], 60)}' is not a number", customer);
        }

        if (Fields.Number(fields[_price]) is not { } price)
        {
            return RowVerdict.Reject(ImportCodes.InvalidNumber, $"UnitPrice '{Fields.Text(fields[_price], 60)}' is not a number", customer);
        }

        var cancelled = invoice[0] is 'C' or 'c';
        if (cancelled ? quantity >= 0 : quantity <= 0)
        {
            return cancelled
                ? RowVerdict.Reject(ImportCodes.CancellationQuantityPositive, $"a cancellation with the quantity {quantity:R}", customer)
                : RowVerdict.Reject(ImportCodes.QuantityNotPositive, $"the quantity {quantity:R} without a cancellation", customer);
        }

        if (price <= 0)
        {
            return RowVerdict.Reject(ImportCodes.PriceNotPositive, $"the price {price:R}", customer);
        }

        var code = Fields.Text(fields[_stockCode]);
        return RowVerdict.Of(new ImportedRow
        {
            CustomerId = customer,
            TimeMs = timeMs,
            Kind = cancelled ? EventKind.OrderRefunded : EventKind.OrderCompleted,
            OrderId = invoice,
            Role = code is null ? LineRole.Product : Roles.GetValueOrDefault(code, LineRole.Product),
            ProductId = code,
            ProductName = Optional(fields, _description),
            Price = price,
            Quantity = Math.Abs(quantity),
            Amount = Math.Abs(quantity) * price,
            Country = Optional(fields, _country),
        });
    }

    private static string? Optional(IReadOnlyList<string> fields, int column) =>
        column >= 0 && column < fields.Count ? Fields.Text(fields[column]) : null;

    private static int Find(IReadOnlyList<string> header, params string[] names)
    {
        foreach (var name in names)
        {
            if (IndexOf(header, name) is var index and >= 0)
            {
                return index;
            }
        }

        throw new CommandFailure(
            $"no column {names[0]} in the first line, which an online-retail table needs; there are: {string.Join(", ", header.Select(name => name.Trim()))}");
    }

    private static int IndexOf(IReadOnlyList<string> header, string name)
    {
        for (var index = 0; index < header.Count; index++)
        {
            if (string.Equals(header[index].Trim(), name, StringComparison.OrdinalIgnoreCase))
            {
                return index;
            }
        }

        return -1;
    }
}
