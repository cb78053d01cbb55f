namespace CustomerSegmentation.SiloHost.Import;

/// <summary>What an import did. Every row is in exactly one of: taken into an event, duplicate, without a customer, rejected.</summary>
internal sealed class ImportReport
{
    private readonly HashSet<ulong> _customers = [];

    /// <summary>Records read, the header left out.</summary>
    public long Rows { get; set; }

    /// <summary>Rows that repeat another row of their order exactly.</summary>
    public long DuplicateRows { get; set; }

    public long RowsWithoutCustomer { get; set; }

    /// <summary>Rejected rows by code.</summary>
    public SortedDictionary<string, long> Rejected { get; } = new(StringComparer.Ordinal);

    /// <summary>Events made of the rows, traits included.</summary>
    public long Events { get; set; }

    public long Orders { get; set; }
    public long Refunds { get; set; }

    /// <summary>Events that the system did not have before.</summary>
    public long EventsAdded { get; set; }

    /// <summary>Events that the system had already.</summary>
    public long EventsKnown { get; set; }

    /// <summary>Events taken by a system that does not say whether it had them already.</summary>
    public long EventsTaken { get; set; }

    /// <summary>Events refused because their customer was erased.</summary>
    public long EventsOfErased { get; set; }

    /// <summary>Events refused for another reason; each is in the rejections.</summary>
    public long EventsRefused { get; set; }

    /// <summary>Money of the orders, in the shop's currency.</summary>
    public double MoneyIn { get; set; }

    /// <summary>Money of the refunds, in the shop's currency.</summary>
    public double MoneyOut { get; set; }

    /// <summary>Distinct customers with an event.</summary>
    public long Customers => _customers.Count;

    public long RejectedRows => Rejected.Values.Sum();

    public TimeSpan Elapsed { get; set; }

    /// <summary>Notes a customer. A 64-bit hash stands for the id: a hundred million ids collide with a probability below 0.03 %.</summary>
    public void AddCustomer(ulong idHash) => _customers.Add(idHash);

    public void AddRejection(string code, long count = 1) => Rejected[code] = Rejected.GetValueOrDefault(code) + count;
}
