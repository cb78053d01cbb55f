namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>Longer descriptions, with examples.</summary>
internal static class HelpText
{
    public const string Root = """
        Real-time customer segmentation. Without a command it serves the tracking API, the query API and the page.

        Examples:
          run                                                     serve on http://127.0.0.1:5080 with the data in ./data
          run --data /srv/shop --urls http://127.0.0.1:8080       another folder, another address
          run --postgres "Host=db;Username=shop;Database=shop"    the data in PostgreSQL; PGPASSWORD or ~/.pgpass may have the password
          run import sales.csv.gz --format online-retail          import a year of transactions
          run recluster                                           segment everybody, and show the segments
          run export features --as-of 2011-06-12 --out f.csv.gz   features as they were then
          run simulate --customers 10000 --rate 500               a simulated shop sends live traffic
        """;

    public const string Import = """
        Imports a table of transactions, plain or gzip; - reads standard input. What is imported is never imported twice.

        Examples:
          run import online-retail.csv.gz --format online-retail
          run import sales.csv --format csv --map customer=client,time=when,order=receipt,product=sku,quantity=qty,price=price
          run import CDNOW_master.txt --format csv --map customer=1,time=2:yyyyMMdd,quantity=3,amount=4
          run import events.csv --format csv --map customer=user_id,time=ts:unixms,event=event_type,product=product_id,price=price
        """;

    public const string Map = """
        Which column holds what: role=COLUMN,… with columns by name or by number from 1. Roles: customer, time[:FORMAT], order, product, name, category,
        quantity, price, amount, event, discount, country, rating, text, channel. FORMAT: iso, unix, unixms or a pattern such as yyyyMMdd or dd.MM.yyyy HH:mm
        """;

    public const string Export = """
        Writes a table: one row a customer with all features, or one row an event. Features are followed by what the models say. Text model: the mean of its
        embeddings of what the customer wrote (text_0, text_1, …; empty for whoever wrote nothing that it read). Sequence model: its embedding
        (emb_0, emb_1, …), its probabilities (p_value_none, …) and its name. --features-only leaves these out.

        Examples:
          run export features --as-of 2011-06-12 --out features.csv
          run export events --from 2011-06-01 --to 2011-07-01 --out june.csv.gz
        """;

    public const string Models = """
        The sequence models of the shop. A model is a manifest and a graph, as src/training makes them; what is chosen outlasts restarts.

        Examples:
          run models add shop.json --activate
          run models list
          run models rollback
        """;

    public const string Simulate = """
        A simulated shop sends events to a running service: first its history, as fast as the service takes it, then live traffic until Ctrl-C.
        The visitors' hidden types go to the truth file; score compares them with the segments.

        Examples:
          run simulate --customers 10000 --rate 500
          run simulate --customers 2000 --history 180d --duration 0s --truth truth.csv
        """;
}
